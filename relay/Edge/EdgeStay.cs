using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;

namespace Tunnel.Relay.Edge;

/// <summary>How long a request is at this relay, and was at the one that passed it on. A value, so that it costs a request nothing.</summary>
internal struct EdgeStay
{
    private readonly HttpRequest _request;
    private readonly TimeProvider _time;
    private readonly TimeSpan _before;
    private TimeSpan _held;

    private EdgeStay(HttpRequest request, TimeProvider time, (TimeSpan Edge, TimeSpan Held) before)
    {
        (_request, _time) = (request, time);
        (_before, _held) = before;
        BeganAt = time.GetTimestamp();
    }

    /// <summary>A timestamp.</summary>
    public long BeganAt { get; }

    /// <summary>Begins with the request's headers. What a visitor says of it was removed.</summary>
    public static EdgeStay Begin(HttpContext context, TimeProvider time) =>
        new(context.Request, time, (NodeMark.IsOn(context) ? EdgeTimeHeaders.Take(context.Request) : null) ?? default);

    /// <summary>It had to wait for a connector.</summary>
    /// <param name="since">A timestamp.</param>
    public void Held(long since) => _held += _time.GetElapsedTime(since);

    /// <summary>Puts it on the request, which is sent now.</summary>
    public readonly void Tell() => EdgeTimeHeaders.Write(_request, _before + _time.GetElapsedTime(BeganAt), _held);
}
