using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// Where a batch is in its segment. There it has 28 bytes before it, little-endian: its length, then its <see cref="BatchFigures"/> (three numbers of
/// 4 bytes and one of 8), then a checksum of all that and of the batch. What a kill or a full disk has cut short is told by it.
/// </summary>
/// <param name="Offset">Of the coded lines, behind the header.</param>
/// <param name="Length">Of the coded lines.</param>
/// <param name="Figures">What is in them.</param>
internal sealed record SpillRecord(long Offset, int Length, BatchFigures Figures)
{
    public const int HeaderLength = 28;

    private const int SummedLength = HeaderLength - sizeof(uint);

    /// <summary>No batch is as long; a length of more is none.</summary>
    private const int MaxLength = 16 << 20;

    /// <summary>Bytes in the segment.</summary>
    public int Size => HeaderLength + Length;

    public static byte[] HeaderOf(EventBatch batch)
    {
        var header = new byte[HeaderLength];
        var figures = batch.Figures;
        BinaryPrimitives.WriteInt32LittleEndian(header, batch.Coded.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), figures.PlainBytes);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), figures.Lines);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), figures.Events);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16), figures.Told);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(SummedLength), Checksum(header, batch.Coded.Span));
        return header;
    }

    /// <param name="segment">A segment.</param>
    /// <param name="at">Where a record begins.</param>
    /// <returns>Null where there is none in full.</returns>
    public static SpillRecord? Read(ReadOnlySpan<byte> segment, int at)
    {
        if (segment.Length - at < HeaderLength)
        {
            return null;
        }

        var header = segment.Slice(at, HeaderLength);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        var figures = new BatchFigures(
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[16..])
        );
        var start = at + HeaderLength;
        return
            length is > 0 and <= MaxLength
            && length <= segment.Length - start
            && BinaryPrimitives.ReadUInt32LittleEndian(header[SummedLength..]) == Checksum(header, segment.Slice(start, length))
            ? new SpillRecord(start, length, figures)
            : null;
    }

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> coded) => Sum(Sum(0, header[..SummedLength]), coded);

    private static uint Sum(uint sum, ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            sum = BitOperations.Crc32C(sum, word);
        }

        foreach (var rest in bytes[(words.Length * sizeof(ulong))..])
        {
            sum = BitOperations.Crc32C(sum, rest);
        }

        return sum;
    }
}
