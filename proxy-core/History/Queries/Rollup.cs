namespace Tunnel.ProxyCore.History.Queries;

/// <summary>The sums of a series over one step. There are many of them, so that each is only there while it is looked at.</summary>
public readonly ref struct Rollup
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
    public required ReadOnlySpan<byte> Histogram { get; init; }
}

/// <summary>Looks at one of many sums.</summary>
public delegate void RollupReader(in Rollup rollup);
