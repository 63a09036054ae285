using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Tests.Servers;

namespace Tunnel.ProxyCore.Tests.Rewriting;

internal static class Scopes
{
    private static readonly McpServer s_server = TestServers.Create(name: null, "http://localhost:9000/mcp");

    /// <summary>An exchange through a tunnel, of which the test needs no more.</summary>
    public static ExchangeScope Any() =>
        new()
        {
            Context = new DefaultHttpContext(),
            Message = null,
            Server = s_server,
            Upstream = s_server.Upstreams.All[0],
            Path = "/mcp",
            UpstreamOrigin = "http://localhost:9000",
            CallerOrigin = "https://otter.example.com",
            PublicOrigin = "https://otter.example.com",
            Client = null,
        };
}
