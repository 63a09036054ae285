using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Dashboard;

namespace Tunnel.Connector.Tunneling;

/// <summary>Knows whether the tunnel is up, and tells the next observer what it hears.</summary>
internal sealed class TunnelStatus(ITunnelObserver next) : ITunnelObserver, IPublicAddress
{
    private volatile bool _isUp;
    private long _losses;
    private volatile Uri? _publicUrl;

    /// <summary>Whether callers outside get through.</summary>
    public bool IsUp => _isUp;

    /// <summary>How often the tunnel was lost since the start.</summary>
    public long Losses => Interlocked.Read(ref _losses);

    /// <summary>The name outlives short losses, and so does the origin.</summary>
    Uri? IPublicAddress.Current => _publicUrl;

    public void Up(OpenedTunnel tunnel, Uri relay)
    {
        _isUp = true;
        _publicUrl = Uri.TryCreate(tunnel.PublicUrl, UriKind.Absolute, out var url) ? url : null;
        next.Up(tunnel, relay);
    }

    public void Lost()
    {
        _isUp = false;
        Interlocked.Increment(ref _losses);
        next.Lost();
    }

    public void Retrying(string reason, TimeSpan delay) => next.Retrying(reason, delay);

    public void Unused() => next.Unused();

    public void Noticed(string text) => next.Noticed(text);
}
