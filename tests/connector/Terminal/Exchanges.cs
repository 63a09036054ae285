using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.Connector.Tests.Terminal;

/// <summary>Finished exchanges to show.</summary>
internal static class Exchanges
{
    public static ExchangeRecord Initialize { get; } =
        new()
        {
            RequestId = "r1",
            StartedAt = new DateTimeOffset(2026, 1, 2, 21, 23, 11, TimeSpan.Zero),
            HttpMethod = "POST",
            Status = 200,
            IsCutShort = false,
            RequestBytes = 120,
            ResponseBytes = 8192,
            Total = TimeSpan.FromMilliseconds(16),
            Upstream = TimeSpan.FromMilliseconds(15),
            McpMethod = "initialize",
            Target = "http://localhost:9000/mcp",
        };
}
