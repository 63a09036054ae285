using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Tests.Rewriting;

internal static class Scopes
{
    /// <summary>An exchange through a tunnel, of which the test needs no more.</summary>
    public static ExchangeScope Any() =>
        new()
        {
            Context = new DefaultHttpContext(),
            Message = null,
            Path = "/mcp",
            UpstreamOrigin = "http://localhost:9000",
            CallerOrigin = "https://otter.example.com",
            PublicOrigin = "https://otter.example.com",
            Client = null,
        };
}
