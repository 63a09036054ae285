using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Admin;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Admin;

/// <summary>Visitors and connectors shall come: the relay is not told to stop, and can show a certificate where it needs one.</summary>
internal sealed class RelayReadiness(RelayDrain drain, IServiceProvider services) : IReadiness
{
    public string? FindObstacle() =>
        drain.HasBegun ? "draining"
        : services.GetService<ICertificateSource>() is { Current: null } ? "no certificate yet"
        : null;
}
