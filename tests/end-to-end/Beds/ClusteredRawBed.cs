namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>The same with two relays: callers come to the one that does not have the tunnel.</summary>
public sealed class ClusteredRawBed : RawBed
{
    private ClusterBed _cluster = null!;

    internal override async Task<TunnelBed> StartTunnelAsync(Uri origin, CancellationToken cancellationToken)
    {
        _cluster = await ClusterBed.StartAsync(origin, cancellationToken);
        return _cluster.Tunnel;
    }

    internal override ValueTask StopTunnelAsync() => _cluster.DisposeAsync();
}
