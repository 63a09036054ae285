using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Dashboard;

/// <summary>What the dashboard of a process shows.</summary>
public sealed record DashboardOptions
{
    /// <summary>The history that it is about.</summary>
    public required HistoryWriter History { get; init; }

    /// <summary>The newest exchanges with headers and bodies; null where nobody shall see those.</summary>
    public ExchangeCaptures? Captures { get; init; }

    /// <summary>What runs here, for its pages.</summary>
    public required string Version { get; init; }
}
