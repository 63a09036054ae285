using Tunnel.ProxyCore.Admin;

namespace Tunnel.Connector.Hosting;

/// <summary>Callers can get in: the tunnel is up, or none is wanted.</summary>
internal sealed class TunnelReadiness(Watchers watchers) : IReadiness
{
    public string? FindObstacle() => watchers.Tunnel is { IsUp: false } ? "the tunnel is not up" : null;
}
