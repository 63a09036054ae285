using System.Buffers;
using System.Runtime.InteropServices;
using Tunnel.ProxyCore.Events.Shipping;

namespace Tunnel.Connector.Cloud;

/// <summary>Lines that were coded together.</summary>
/// <param name="Coded">They, with gzip: batches one after the other are a batch again (RFC 1952 section 2.2).</param>
/// <param name="Figures">What is in it.</param>
internal sealed record EventBatch(ReadOnlyMemory<byte> Coded, BatchFigures Figures)
{
    private const byte LineEnd = (byte)'\n';

    /// <returns>Two batches of about half its length, or null where it has but one line.</returns>
    public (EventBatch First, EventBatch Second)? Halve()
    {
        ReadOnlySpan<byte> lines = GzipLines.Decode(Coded);
        // The last line end but the one that all lines end with.
        var last = lines.Length > 0 ? lines[..^1].LastIndexOf(LineEnd) : -1;
        if (last < 0)
        {
            return null;
        }

        var middle = lines.Length / 2;
        var end = Math.Min(last, middle + lines[middle..].IndexOf(LineEnd)) + 1;
        return (Of(lines[..end]), Of(lines[end..]));
    }

    /// <summary>Leaves lines out.</summary>
    /// <param name="numbers">Of lines, from 1.</param>
    /// <returns>Null where nothing is left.</returns>
    public EventBatch? Without(IEnumerable<int> numbers)
    {
        var bad = numbers.ToHashSet();
        ReadOnlySpan<byte> lines = GzipLines.Decode(Coded);
        var kept = new ArrayBufferWriter<byte>(Math.Max(1, lines.Length));
        for (var number = 1; lines.Length > 0; number++)
        {
            var end = lines.IndexOf(LineEnd) is >= 0 and var at ? at + 1 : lines.Length;
            if (!bad.Contains(number))
            {
                kept.Write(lines[..end]);
            }

            lines = lines[end..];
        }

        return kept.WrittenCount == 0 ? null : Of(kept.WrittenSpan);
    }

    private static EventBatch Of(ReadOnlySpan<byte> lines) => new(GzipLines.Encode(lines), BatchFigures.Of(lines));
}

/// <summary>What is in a batch.</summary>
/// <param name="PlainBytes">Its length without coding.</param>
/// <param name="Lines">All lines.</param>
/// <param name="Events">Those of them that are events.</param>
/// <param name="Told">Losses that its other lines tell.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BatchFigures(int PlainBytes, int Lines, int Events, long Told)
{
    public static BatchFigures Of(ReadOnlySpan<byte> lines)
    {
        var figures = default(BatchFigures);
        foreach (var range in lines.Split((byte)'\n'))
        {
            if (EventLineReader.TryRead(lines[range], out var line, out _))
            {
                figures += new BatchFigures(0, 1, line.Event is null ? 0 : 1, line.Dropped?.Count ?? 0);
            }
        }

        return figures with
        {
            PlainBytes = lines.Length,
        };
    }

    public static BatchFigures operator -(BatchFigures one, BatchFigures other) =>
        new(one.PlainBytes - other.PlainBytes, one.Lines - other.Lines, one.Events - other.Events, one.Told - other.Told);

    public static BatchFigures operator +(BatchFigures one, BatchFigures other) =>
        new(one.PlainBytes + other.PlainBytes, one.Lines + other.Lines, one.Events + other.Events, one.Told + other.Told);
}
