namespace Tunnel.ProxyCore.History.Sql;

/// <summary>What belongs to one series and step.</summary>
public sealed class RollupSum
{
    public LatencyHistogram Histogram { get; } = new();

    public long Count { get; set; }

    public long Errors { get; set; }

    public long ToolErrors { get; set; }

    /// <summary>In microseconds.</summary>
    public long Longest { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }
}
