namespace Tunnel.ProxyCore.History.Queries;

/// <summary>The sums of a series over one step.</summary>
public sealed record Rollup
{
    public required Series Series { get; init; }

    /// <summary>When the step begins.</summary>
    public required DateTimeOffset At { get; init; }

    public required long Count { get; init; }

    public required long Errors { get; init; }

    public required long ToolErrors { get; init; }

    public required TimeSpan Longest { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    /// <summary>As <see cref="LatencyHistogram.Encode"/> writes it.</summary>
    public required ReadOnlyMemory<byte> Histogram { get; init; }
}
