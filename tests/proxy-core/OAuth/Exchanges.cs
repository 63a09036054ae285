using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Tests.Servers;

namespace Tunnel.ProxyCore.Tests.OAuth;

/// <summary>Exchanges with a server at <c>http://localhost:9000</c>, called through <c>https://otter.example.com</c>.</summary>
internal static class Exchanges
{
    public static ExchangeScope Of(string path, Action<HttpContext>? prepare = null, string? serverName = null)
    {
        var context = new DefaultHttpContext();
        prepare?.Invoke(context);
        return new ExchangeScope
        {
            Context = context,
            Message = null,
            Path = path,
            Server = TestServers.Create(serverName, "http://localhost:9000/mcp"),
            UpstreamOrigin = "http://localhost:9000",
            CallerOrigin = "https://otter.example.com",
            PublicOrigin = "https://otter.example.com",
            Client = null,
        };
    }
}
