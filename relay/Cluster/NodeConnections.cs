using System.Collections.Concurrent;
using System.Net;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Cluster;

/// <summary>HTTP/2 connections to other relays, with the cluster's key on every request.</summary>
internal sealed class NodeConnections(RelayOptions options, TimeProvider time, ClusterTls? tls = null) : IDisposable
{
    /// <summary>A node on the same network that does not take a connection for this long is gone.</summary>
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(2);

    /// <summary>The other relay has limits of its own, and says so when they pass; this one only has to be later.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(10);

    /// <summary>As on the way from a connector.</summary>
    private const int MaxResponseHeadersKilobytes = 128;

    // Bounded by the addresses that relays with the cluster's Redis have had since this one started.
    private readonly ConcurrentDictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    public ForwardDestination To(string node) => _nodes.GetOrAdd(node, Connect).Destination;

    /// <summary>Whether a node could not be reached a moment ago, so that others are asked first.</summary>
    public bool IsFailing(string node) => _nodes.TryGetValue(node, out var known) && known.Health.IsFailing(time);

    public void Dispose()
    {
        foreach (var node in _nodes.Values)
        {
            node.Destination.Invoker.Dispose();
        }
    }

    private Node Connect(string node)
    {
        var handler = TransparentHandler.Create();
        handler.ConnectTimeout = s_connectLimit;
        handler.MaxResponseHeadersLength = MaxResponseHeadersKilobytes;
        handler.InitialHttp2StreamWindowSize = 1 << 20;
        handler.EnableMultipleHttp2Connections = true;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests;
        handler.KeepAlivePingDelay = TunnelProtocol.PingInterval;
        handler.KeepAlivePingTimeout = TunnelProtocol.PingTimeout;
        var origin = node;
        if (tls is not null)
        {
            // The client would dial every name anew and want a certificate for it, because of Host. So it is told of no TLS.
            origin = new UriBuilder(node) { Scheme = Uri.UriSchemeHttp }.Uri.GetLeftPart(UriPartial.Authority);
            handler.ConnectCallback = (context, cancellationToken) => tls.ConnectAsync(context.DnsEndPoint, cancellationToken);
        }

        var health = new SessionHealth();
        var invoker = new HttpMessageInvoker(new PromptRequestBodyHandler(new NodeHandler(handler, ClusterKey.Of(options), health, time)));
        var destination = new ForwardDestination(
            origin,
            invoker,
            HttpVersion.Version20,
            KeepHost: true,
            options.ConnectorTimeout + options.Hold + s_margin
        );
        return new Node(destination, health);
    }

    private sealed record Node(ForwardDestination Destination, SessionHealth Health);
}
