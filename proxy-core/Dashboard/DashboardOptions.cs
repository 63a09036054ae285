using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Dashboard;

/// <summary>What the dashboard of a process shows.</summary>
public sealed record DashboardOptions
{
    /// <summary>The history that it is about.</summary>
    public required HistoryWriter History { get; init; }

    /// <summary>What runs here, for its pages.</summary>
    public required string Version { get; init; }
}
