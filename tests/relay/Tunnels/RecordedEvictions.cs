using System.Collections.Concurrent;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Tests.Tunnels;

/// <summary>Evictions that are only written down.</summary>
internal sealed class RecordedEvictions : ITunnelEvictions
{
    public ConcurrentQueue<(TunnelSession Session, ProxyError Reason)> All { get; } = new();

    public void Evict(TunnelSession session, ProxyError reason) => All.Enqueue((session, reason));
}
