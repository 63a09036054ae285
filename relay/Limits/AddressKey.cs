using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.Relay.Limits;

/// <summary>Who an address counts as: itself, or with IPv6 its network of 64 bits, in which a visitor can make up as many as it likes.</summary>
internal static class AddressKey
{
    /// <returns>
    /// Null for this machine: what comes from here is brought by something in front that the operator has not named, and stands for many.
    /// </returns>
    public static int? Of(IPAddress? address)
    {
        if (address is null || IPAddress.IsLoopback(address))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[16];
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        plain.TryWriteBytes(bytes, out _);

        // The hash has a seed of its own in every process, so nobody can pick an address that shares the fate of another.
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? HashCode.Combine(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : HashCode.Combine(BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <returns>The same for all addresses that count as one: <c>192.0.2.7</c>, or <c>2001:db8:1:2::/64</c>.</returns>
    public static string TextOf(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
