using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Adds up the events of a batch by series and step.</summary>
public sealed class RollupSums
{
    /// <summary>Whoever writes a number of bytes that no exchange can have must not make the sums overflow.</summary>
    private const long MaxBytes = 1L << 40;

    private readonly Dictionary<RollupPlace, RollupSum> _sums = [];

    public IReadOnlyDictionary<RollupPlace, RollupSum> Sums => _sums;

    public void Add(long series, long at, McpEvent one)
    {
        foreach (var width in RollupWidths.All)
        {
            var place = new RollupPlace(width, at - (at % (width * 1000L)), series);
            if (!_sums.TryGetValue(place, out var sum))
            {
                _sums[place] = sum = new RollupSum();
            }

            var latency = LatencyOf(one) ?? 0;
            sum.Histogram.Add(latency);
            sum.Longest = Math.Max(sum.Longest, latency);
            sum.Count++;
            sum.Errors += one.Status == Outcomes.Error ? 1 : 0;
            sum.ToolErrors += one.Status == Outcomes.ToolError ? 1 : 0;
            sum.BytesIn += Math.Clamp(one.BytesIn ?? 0, 0, MaxBytes);
            sum.BytesOut += Math.Clamp(one.BytesOut ?? 0, 0, MaxBytes);
        }
    }

    /// <summary>How long it took, in microseconds.</summary>
    public static long? LatencyOf(McpEvent one) => one.TimingUs?.Total ?? one.LatencyMs * 1000;
}
