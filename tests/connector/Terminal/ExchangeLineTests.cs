using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Exchanges;
using Xunit;

namespace Tunnel.Connector.Tests.Terminal;

public sealed class ExchangeLineTests
{
    [Fact]
    public void Request_IsOneLine()
    {
        Assert.Equal("21:23:11 POST 200 8.0KB 16ms 15ms↑ 1ms↓ initialize → http://localhost:9000/mcp", Line(Exchanges.Initialize));
    }

    [Fact]
    public void ToolCallThatFailed_HasItsToolAndError()
    {
        var line = Line(
            Exchanges.Initialize with
            {
                ResponseBytes = 147,
                Total = TimeSpan.FromMilliseconds(8),
                Upstream = TimeSpan.FromMilliseconds(8),
                McpMethod = "tools/call",
                Name = "search",
                ErrorCode = -32602,
                ErrorMessage = "Invalid params",
            }
        );

        Assert.Equal("21:23:11 POST 200 147B 8ms 8ms↑ 0ms↓ tools/call search [-32602 Invalid params] → http://localhost:9000/mcp", line);
    }

    [Fact]
    public void ErrorOfOurOwn_HasItsCode()
    {
        var line = Line(Exchanges.Initialize with { Status = 502, ProxyError = "E4101" });

        Assert.Equal("21:23:11 POST 502 8.0KB 16ms 15ms↑ 1ms↓ initialize [E4101] → http://localhost:9000/mcp", line);
    }

    [Fact]
    public void RequestThatIsNoJsonRpc_HasNoMethodOfMcp()
    {
        var line = Line(Exchanges.Initialize with { HttpMethod = "GET", McpMethod = null, Target = "http://localhost:9000/" });

        Assert.Equal("21:23:11 GET 200 8.0KB 16ms 15ms↑ 1ms↓ → http://localhost:9000/", line);
    }

    [Fact]
    public void CallerThatLeftBeforeAnAnswer_HasNoStatus()
    {
        var line = Line(Exchanges.Initialize with { Status = 0, IsCutShort = true, ResponseBytes = 0 });

        Assert.Equal("21:23:11 POST --- 0B 16ms 15ms↑ 1ms↓ initialize caller left → http://localhost:9000/mcp", line);
    }

    [Fact]
    public void ResponseThatBrokeOff_SaysSo()
    {
        var line = Line(Exchanges.Initialize with { IsCutShort = true });

        Assert.Equal("21:23:11 POST 200 8.0KB 16ms 15ms↑ 1ms↓ initialize cut short → http://localhost:9000/mcp", line);
    }

    [Fact]
    public void Time_IsThatOfTheZone()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromMinutes(-210), "test", "test");

        Assert.StartsWith("17:53:11 ", ExchangeLine.Format(Exchanges.Initialize, slowness: null, zone, Ink.None), StringComparison.Ordinal);
    }

    [Fact]
    public void ControlCharacters_CannotGetThrough()
    {
        var evil = new string([.. Enumerable.Range(0, 0xA0).Select(code => (char)code).Where(char.IsControl)]);
        var records = new[]
        {
            Exchanges.Initialize with
            {
                HttpMethod = evil,
            },
            Exchanges.Initialize with
            {
                McpMethod = evil,
            },
            Exchanges.Initialize with
            {
                Name = evil,
            },
            Exchanges.Initialize with
            {
                ErrorCode = 1,
                ErrorMessage = evil,
            },
            Exchanges.Initialize with
            {
                Target = evil,
            },
        };

        Assert.All(records.Select(Line), line => Assert.DoesNotContain(line, char.IsControl));
        Assert.All(records.Select(Line), line => Assert.Contains(new string('?', evil.Length), line, StringComparison.Ordinal));
    }

    [Fact]
    public void LongText_IsCut()
    {
        var line = Line(Exchanges.Initialize with { Name = new string('x', 81) });

        Assert.Contains($" {new string('x', 80)}… ", line, StringComparison.Ordinal);
    }

    private static string Line(ExchangeRecord exchange) => ExchangeLine.Format(exchange, slowness: null, TimeZoneInfo.Utc, Ink.None);
}
