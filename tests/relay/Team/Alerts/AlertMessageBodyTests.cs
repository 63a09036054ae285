using System.Text.Json;
using Tunnel.Relay.Team.Alerts;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Alerts;

public sealed class AlertMessageBodyTests
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 12, 0, 30, TimeSpan.Zero);

    [Fact]
    public void Message_SaysWhatAndWhereToLook()
    {
        var rule = Rules.New(over: 0.05, tool: "find & replace") with { Server = "shop/files" };

        var message = Write(AlertMessageBody.Firing, rule, new AlertReading(240, 0.125));

        Assert.Equal("alert.firing", message.GetProperty("type").GetString());
        Assert.Equal(s_now, message.GetProperty("timestamp").GetDateTimeOffset());
        var data = message.GetProperty("data");
        Assert.Equal(
            $$"""
            {"project":"acme","rule":"{{rule.Id}}","server":"shop/files","tool":"find \u0026 replace","metric":"error_rate","value":0.125,"threshold":0.05,"calls":240,"window_s":300,"url":"https://dashboard.example.com/errors?since=2026-01-02T11:55:30Z\u0026until=2026-01-02T12:00:30Z\u0026server=shop%2Ffiles\u0026tool=find%20%26%20replace"}
            """,
            data.GetRawText()
        );
        Assert.Equal(
            $"✗ find & replace of shop/files in acme: 12.5 % failed in the last 5 min, 240 calls (the alert is over 5 %) {data.GetProperty("url").GetString()}",
            message.GetProperty("text").GetString()
        );
    }

    [Fact]
    public void Times_AreToldAsTimes()
    {
        var rule = Rules.New(over: 2000, metric: AlertMetric.P95, tool: null);

        var message = Write(AlertMessageBody.Resolved, rule, new AlertReading(12, 812.34));

        Assert.StartsWith(
            "✓ all tools in acme is well again: p95 812.3 ms in the last 5 min, 12 calls (the alert is over 2 s) https://dashboard.example.com/slow?",
            message.GetProperty("text").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Test_NeedsNoCalls()
    {
        var message = Write(AlertMessageBody.Test, Rules.New(), new AlertReading(0, null));

        Assert.Equal(JsonValueKind.Null, message.GetProperty("data").GetProperty("value").ValueKind);
        Assert.StartsWith("This is a test. search in acme: no calls", message.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    private static JsonElement Write(string type, AlertRule rule, AlertReading seen)
    {
        var body = AlertMessageBody.Write(type, "acme", rule, seen, s_now, "https://dashboard.example.com");
        return JsonDocument.Parse(body).RootElement;
    }
}
