using Tunnel.Connector.Terminal;
using Xunit;

namespace Tunnel.Connector.Tests.Terminal;

public sealed class InkTests
{
    [Theory]
    [InlineData("Auto", true, null, null, true)]
    [InlineData("Auto", true, "", "xterm", true)]
    [InlineData("Auto", false, null, null, false)]
    [InlineData("Auto", true, "1", null, false)]
    [InlineData("Auto", true, null, "dumb", false)]
    [InlineData("Always", false, "1", "dumb", true)]
    [InlineData("Never", true, null, null, false)]
    public void Colour_IsForTerminalsThatWantIt(string choice, bool isTerminal, string? noColor, string? term, bool expected)
    {
        var ink = Ink.For(
            Enum.Parse<ColorChoice>(choice),
            isTerminal,
            name =>
                name switch
                {
                    "NO_COLOR" => noColor,
                    "TERM" => term,
                    _ => null,
                }
        );

        Assert.Equal(expected ? "\e[31mx\e[0m" : "x", ink.Red("x"));
    }

    [Fact]
    public void ColouredLine_HasTheSameTextAsAPlainOne()
    {
        var exchange = Exchanges.Initialize with
        {
            McpMethod = "tools/call",
            Name = "a\e[2Jb",
            ErrorCode = -1,
            ErrorMessage = "no",
            Status = 500,
        };
        var coloured = ExchangeLine.Format(exchange, 9.4, TimeZoneInfo.Utc, Ink.For(ColorChoice.Always, isTerminal: false, _ => null));

        Assert.Equal(
            "21:23:11 POST 500 8.0KB 16ms 15ms↑ 1ms↓ tools/call a?[2Jb [-1 no] ▲ 9× p50 → http://localhost:9000/mcp",
            ExchangeLine.Format(exchange, 9.4, TimeZoneInfo.Utc, Ink.None)
        );
        Assert.Equal(
            ExchangeLine.Format(exchange, 9.4, TimeZoneInfo.Utc, Ink.None),
            System.Text.RegularExpressions.Regex.Replace(coloured, "\e\\[[0-9]+m", string.Empty, default, TimeSpan.FromSeconds(1))
        );
        Assert.Contains("\e[31m500\e[0m", coloured, StringComparison.Ordinal);
    }
}
