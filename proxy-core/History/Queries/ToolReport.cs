namespace Tunnel.ProxyCore.History.Queries;

/// <summary>How a tool fares.</summary>
public sealed record ToolReport
{
    public required ToolKey Tool { get; init; }

    public required ToolHealth Health { get; init; }

    public required CallSums Sums { get; init; }

    /// <summary>The last call there is, in the range or before; null if none is known.</summary>
    public required DateTimeOffset? LastCall { get; init; }

    /// <summary>Calls in each of <see cref="HistoryReports.SparkSteps"/> steps.</summary>
    public required IReadOnlyList<long> Spark { get; init; }

    /// <summary>Whether the server lists it; null where that was never seen.</summary>
    public required bool? IsListed { get; init; }

    /// <summary>How many versions of its definition are known.</summary>
    public required int Versions { get; init; }
}
