using System.Buffers.Binary;

namespace Tunnel.ProxyCore.Events;

/// <summary>What events are known by: UUIDs of version 7 (RFC 9562 section 5.7), which sort by time.</summary>
internal static class EventId
{
    /// <param name="time">When it happened.</param>
    public static Guid At(DateTimeOffset time)
    {
        // It opens nothing for anybody, so that it need not be hard to guess: asking the kernel took as long as making the event.
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes);
        Span<byte> milliseconds = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(milliseconds, time.ToUnixTimeMilliseconds());
        milliseconds[2..].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
