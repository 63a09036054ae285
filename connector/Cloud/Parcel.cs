using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Cloud;

/// <summary>The oldest batches that wait, as one.</summary>
/// <param name="Batch">All of them.</param>
/// <param name="Count">How many they are.</param>
internal sealed record Parcel(EventBatch Batch, int Count)
{
    /// <summary>As many of the oldest batches as the relay takes at once.</summary>
    /// <param name="segment">What has them.</param>
    /// <param name="maxLines">Their lines, unless the first one alone has more.</param>
    /// <returns>Null where it cannot be read.</returns>
    public static Parcel? Read(SpillSegment segment, int maxLines)
    {
        var (count, length, figures) = (0, 0, default(BatchFigures));
        foreach (var record in segment.Waiting)
        {
            var sum = figures + record.Figures;
            if (
                count > 0
                && (
                    sum.Lines > maxLines
                    || sum.PlainBytes > IngestProtocol.MaxPlainBytes
                    || length + record.Length > IngestProtocol.MaxBytes
                )
            )
            {
                break;
            }

            (count, length, figures) = (count + 1, length + record.Length, sum);
        }

        try
        {
            byte[] coded = [.. segment.Waiting.Take(count).SelectMany(segment.Read)];
            return new Parcel(new EventBatch(coded, figures), count);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
