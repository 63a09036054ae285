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
}
