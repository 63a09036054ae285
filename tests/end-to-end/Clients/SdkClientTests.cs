using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Clients;

/// <summary>The official C# SDK's client, through the tunnel, against the sample server.</summary>
public sealed class SdkClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CSharpSdkClient_ListsCallsAndGetsProgressThroughThePublicUrl()
    {
        await using var server = ChildProcess.Start(Programs.WeatherServer, ["--port", "0"]);
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        await using var bed = await TunnelBed.StartAsync(mcp, Cancellation);
        await using var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = bed.Url, TransportMode = HttpTransportMode.StreamableHttp },
            bed.Http
        );
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);
        var progress = new CountingProgress();

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        var weather = await client.CallToolAsync(
            "get_weather",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Oslo" },
            cancellationToken: Cancellation
        );
        var forecast = await client.CallToolAsync(
            "forecast",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Oslo" },
            progress,
            cancellationToken: Cancellation
        );
        var broken = await client.CallToolAsync("broken", cancellationToken: Cancellation);

        Assert.Equal("broken forecast get_weather", string.Join(' ', tools.Select(tool => tool.Name).Order(StringComparer.Ordinal)));
        Assert.Contains("Oslo", Assert.IsType<TextContentBlock>(Assert.Single(weather.Content)).Text, StringComparison.Ordinal);
        Assert.NotEqual(true, forecast.IsError);
        // The SDK drops a notification that it reads together with the result.
        Assert.InRange(progress.Reports.Value, 4, 5);
        Assert.True(broken.IsError);
    }

    private sealed class CountingProgress : IProgress<ProgressNotificationValue>
    {
        public CountSignal Reports { get; } = new();

        public void Report(ProgressNotificationValue value) => Reports.Increment();
    }
}
