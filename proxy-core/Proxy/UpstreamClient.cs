using System.Net;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Proxy;

/// <summary>
/// The connections to one server, kept and shared by all exchanges. New limits count for the next exchange; exchanges under way
/// keep what they began with.
/// </summary>
internal sealed class UpstreamClient : IDisposable
{
    // A server that just restarted answers on a new connection; do not offer it an old one for long.
    private static readonly TimeSpan s_idleConnectionLimit = TimeSpan.FromSeconds(30);

    /// <summary>How long a caller's Expect: 100-continue waits for the server's word before its body is sent anyway (RFC 9110 section 10.1.1).</summary>
    private static readonly TimeSpan s_continueLimit = TimeSpan.FromSeconds(5);

    private static readonly TracePropagator s_propagator = new();

    private readonly IDisposable? _watch;
    private readonly bool _isProgram;
    private TimeSpan _connectTimeout;
    private volatile ForwardDestination _destination;

    /// <param name="upstream">The server, of which scheme and authority count.</param>
    /// <param name="options">Where the limits are.</param>
    /// <param name="program">What answers in place of the network, if anything. It is not ours to dispose.</param>
    public UpstreamClient(Uri upstream, IOptionsMonitor<McpProxyOptions> options, HttpMessageHandler? program = null)
    {
        var now = options.CurrentValue;
        _connectTimeout = now.ConnectTimeout;
        _isProgram = program is not null;
        _destination = new ForwardDestination(
            upstream.GetLeftPart(UriPartial.Authority),
            program is null ? NewInvoker(now.ConnectTimeout) : new HttpMessageInvoker(program, disposeHandler: false),
            HttpVersion.Version11,
            KeepHost: false,
            now.UpstreamTimeout
        );
        _watch = options.OnChange(Change);
    }

    public ForwardDestination Destination => _destination;

    public void Dispose()
    {
        _watch?.Dispose();
        _destination.Invoker.Dispose();
    }

    private void Change(McpProxyOptions options)
    {
        var invoker = _destination.Invoker;
        if (options.ConnectTimeout != _connectTimeout && !_isProgram)
        {
            // The limit is part of the connection pool. The old pool is left to its exchanges and empties itself when they are done.
            _connectTimeout = options.ConnectTimeout;
            invoker = NewInvoker(options.ConnectTimeout);
        }

        _destination = _destination with { Invoker = invoker, HeadersTimeout = options.UpstreamTimeout };
    }

    private static HttpMessageInvoker NewInvoker(TimeSpan connectTimeout)
    {
        var handler = TransparentHandler.Create();
        handler.ActivityHeadersPropagator = s_propagator;
        handler.ConnectTimeout = connectTimeout;
        handler.PooledConnectionIdleTimeout = s_idleConnectionLimit;
        handler.Expect100ContinueTimeout = s_continueLimit;
        return new HttpMessageInvoker(new PromptRequestBodyHandler(handler));
    }
}
