using System.Net;
using System.Text;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>An HTTP client that adds nothing and hides nothing: no redirects, cookies, decoding, proxies or tracing headers of its own.</summary>
public static class TransparentHandler
{
    /// <summary>To be completed with what the hop at hand needs.</summary>
    public static SocketsHttpHandler Create() =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            // Header values are bytes to us, and Latin-1 is the encoding that keeps every byte.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        };
}
