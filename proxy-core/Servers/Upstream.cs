using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Servers;

/// <summary>One address of an MCP server: the connections to it, what it has to do, and whether it is there.</summary>
internal sealed class Upstream(Uri url, UpstreamClient client) : IDisposable
{
    private int _underWay;
    private int _isDown;

    /// <summary>The endpoint at this address.</summary>
    public Uri Url { get; } = url;

    /// <summary>Scheme and authority, without a slash at the end.</summary>
    public string Origin => client.Destination.Origin;

    public ForwardDestination Destination => client.Destination;

    /// <summary>Exchanges with it that have not ended, with the event streams among them.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Whether the last that was heard of it was good.</summary>
    public bool IsUp => Volatile.Read(ref _isDown) == 0;

    public void Begin() => Interlocked.Increment(ref _underWay);

    public void End() => Interlocked.Decrement(ref _underWay);

    /// <returns>Whether that is news.</returns>
    public bool Mark(bool isUp)
    {
        var isDown = isUp ? 0 : 1;
        return Interlocked.Exchange(ref _isDown, isDown) != isDown;
    }

    public void Dispose() => client.Dispose();
}
