using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Tests.Servers;

namespace Tunnel.ProxyCore.Tests.Rewriting;

internal static class Scopes
{
    /// <summary>An exchange through a tunnel, of which the test needs no more.</summary>
    public static ExchangeScope Any() =>
        new()
        {
            Context = new DefaultHttpContext(),
            Message = null,
            Server = TestServers.Create(name: null, "http://localhost:9000/mcp"),
            Path = "/mcp",
            UpstreamOrigin = "http://localhost:9000",
            CallerOrigin = "https://otter.example.com",
            PublicOrigin = "https://otter.example.com",
            Client = null,
        };
}
