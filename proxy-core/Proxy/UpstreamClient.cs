using System.Net;
using System.Text;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Proxy;

/// <summary>The connections to the MCP server, kept and shared by all exchanges.</summary>
internal sealed class UpstreamClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;

    public UpstreamClient(IOptions<McpProxyOptions> options)
    {
        var upstream = options.Value.Upstream!;
        _invoker = new HttpMessageInvoker(
            new PromptRequestBodyHandler(
                new SocketsHttpHandler
                {
                    ConnectTimeout = options.Value.ConnectTimeout,
                    UseProxy = false,
                    UseCookies = false,
                    AllowAutoRedirect = false,
                    AutomaticDecompression = DecompressionMethods.None,
                    ActivityHeadersPropagator = null,
                    RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
                    ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
                    // A server that just restarted answers on a new connection; do not offer it an old one for long.
                    PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                    Expect100ContinueTimeout = TimeSpan.FromSeconds(5),
                }
            )
        );
        Destination = new ForwardDestination(
            upstream.GetLeftPart(UriPartial.Authority),
            _invoker,
            HttpVersion.Version11,
            KeepHost: false,
            options.Value.UpstreamTimeout
        );
    }

    public ForwardDestination Destination { get; }

    public void Dispose() => _invoker.Dispose();
}
