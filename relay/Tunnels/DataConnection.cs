using System.Net;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Transport;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tunnels;

/// <summary>
/// One WebSocket of a connector with HTTP/2 inside, the relay being the client. The byte stream is offered to the HTTP client exactly once:
/// when it is gone, requests fail before a byte of them is sent.
/// </summary>
internal sealed class DataConnection : IDisposable
{
    private const string Origin = "http://tunnel";

    /// <summary>More than a connector takes from its server, so that it is never this hop that refuses.</summary>
    private const int MaxResponseHeadersKilobytes = 128;

    /// <summary>How long the connector may take to answer the first request on a fresh connection.</summary>
    private static readonly TimeSpan s_probeTimeout = TimeSpan.FromSeconds(5);

    private readonly WebSocketByteStream _stream;
    private readonly HttpMessageInvoker _invoker;
    private int _offered;
    private int _inFlight;
    private volatile bool _isReady;

    public DataConnection(WebSocketByteStream stream, RelayOptions options)
    {
        _stream = stream;
        var handler = TransparentHandler.Create();
        handler.MaxResponseHeadersLength = MaxResponseHeadersKilobytes;
        handler.InitialHttp2StreamWindowSize = 1 << 20;
        handler.EnableMultipleHttp2Connections = false;
        handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        handler.PooledConnectionLifetime = Timeout.InfiniteTimeSpan;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
        handler.KeepAlivePingDelay = TunnelProtocol.PingInterval;
        handler.KeepAlivePingTimeout = TunnelProtocol.PingTimeout;
        handler.ConnectCallback = (_, _) =>
            Interlocked.Exchange(ref _offered, 1) == 0
                ? ValueTask.FromResult<Stream>(_stream)
                : ValueTask.FromException<Stream>(new NextHopGoneException());
        _invoker = new HttpMessageInvoker(new PromptRequestBodyHandler(handler));
        Destination = new ForwardDestination(Origin, _invoker, HttpVersion.Version20, KeepHost: true, options.ConnectorTimeout);
    }

    public ForwardDestination Destination { get; }

    /// <summary>Completes when the connection can carry nothing any more.</summary>
    public Task Closed => _stream.Disposed;

    /// <summary>Whether exchanges may go this way: the connector has answered on it, and it is not gone.</summary>
    public bool IsUsable => _isReady && !Closed.IsCompleted;

    /// <summary>Exchanges under way, long streams among them.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    public void Enter() => Interlocked.Increment(ref _inFlight);

    public int Leave() => Interlocked.Decrement(ref _inFlight);

    /// <summary>The connection was probed. A request sent earlier could be lost with it although the connector never saw it.</summary>
    public void MarkReady() => _isReady = true;

    /// <summary>
    /// Makes the HTTP/2 connection and proves that the connector answers on it. Until then neither side's pings would be answered.
    /// </summary>
    /// <returns>Whether the connection can be used.</returns>
    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_probeTimeout);
        using var request = new HttpRequestMessage(HttpMethod.Get, Origin + "/")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = TunnelProtocol.ProbeAuthority;
        try
        {
            using var response = await _invoker.SendAsync(request, limit.Token);
            return response.StatusCode == HttpStatusCode.NoContent;
        }
        catch (Exception unusable) when (unusable is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _invoker.Dispose();
        // The client disposes the stream only when it has taken it.
        _stream.Dispose();
    }
}
