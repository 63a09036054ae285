using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Telemetry;

/// <summary>Spans, metrics and trace context, with a collector and without.</summary>
public sealed class OpenTelemetryTests
{
    private const string HttpTrace = "0af7651916cd43dd8448eb211c80319c";
    private const string HttpSpan = "b7ad6b7169203331";
    private const string MessageTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
    private const string MessageSpan = "00f067aa0ba902b7";
    private const string Failed = """{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"r3sult"}],"isError":true}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NobodyTraces_TraceHeadersGoThroughATunnelAsTheyCame()
    {
        await using var origin = Answering(Failed);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation
        );

        await CallAsync(relay.Port, Call(connector.Url));

        var request = Assert.Single(origin.Requests);
        Assert.Equal([$"00-{HttpTrace}-{HttpSpan}-01"], request.Headers("traceparent"));
        Assert.Equal(["vendor=opaque"], request.Headers("tracestate"));
        Assert.Equal(["tenant=a%20b"], request.Headers("baggage"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SpansOfBothLegs_AreOfTheTraceThatTheMessageNames()
    {
        await using var collector = new OtlpReceiver();
        await using var origin = Answering(Failed);
        await RunAsync(collector.Environment, origin, url => CallAsync(url.Port, Call(url)));

        var http = Assert.Single(collector.Spans, span => span is { Kind: 2, Trace: HttpTrace });
        var server = Assert.Single(collector.Spans, span => span is { Kind: 2, Trace: MessageTrace });
        var client = Assert.Single(collector.Spans, span => span.Parent == server.Id);
        var call = Assert.Single(collector.Spans, span => span.Parent == client.Id);
        var request = Assert.Single(origin.Requests);

        Assert.Equal(HttpSpan, http.Parent);
        Assert.Equal((MessageSpan, "tools/call get_weather", 2UL), (server.Parent, server.Name, server.Status));
        Assert.Equal([http.Id], server.LinkedSpans);
        Assert.Equal((3UL, "tools/call get_weather", 2UL), (client.Kind, client.Name, client.Status));
        Assert.Equal([$"00-{MessageTrace}-{call.Id}-01"], request.Headers("traceparent"));
        Assert.Equal(["tenant=a%20b"], request.Headers("baggage"));
        Assert.Contains("service.name=mcpr", collector.Services, StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Spans_HaveTheAttributesOfTheConventionsAndNoData()
    {
        await using var collector = new OtlpReceiver();
        await using var origin = Answering(Failed);
        await RunAsync(collector.Environment, origin, url => CallAsync(url.Port, Call(url)));

        var server = Assert.Single(collector.Spans, span => span is { Kind: 2, Trace: MessageTrace }).Attributes;
        var client = Assert.Single(collector.Spans, span => span is { Kind: 3, Name: "tools/call get_weather" }).Attributes;

        foreach (var attributes in new[] { server, client })
        {
            Assert.Equal("tools/call", attributes["mcp.method.name"]);
            Assert.Equal("get_weather", attributes["gen_ai.tool.name"]);
            Assert.Equal("execute_tool", attributes["gen_ai.operation.name"]);
            Assert.Equal("tool_error", attributes["error.type"]);
            Assert.Equal("7", attributes["jsonrpc.request.id"]);
            Assert.Equal("s-1", attributes["mcp.session.id"]);
            Assert.Equal("2025-11-25", attributes["mcp.protocol.version"]);
            Assert.Equal(
                ("tcp", "http", "1.1"),
                (attributes["network.transport"], attributes["network.protocol.name"], attributes["network.protocol.version"])
            );
        }

        Assert.Equal("127.0.0.1", server["client.address"]);
        Assert.Equal(("127.0.0.1", $"{origin.Port}"), (client["server.address"], client["server.port"]));
        Assert.DoesNotContain("s3cret", collector.Raw, StringComparison.Ordinal);
        Assert.DoesNotContain("r3sult", collector.Raw, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Metrics_HaveTheNamesAndBucketsOfTheConventions()
    {
        await using var collector = new OtlpReceiver();
        await using var origin = Answering(Failed);
        var environment = collector.Environment;
        environment["OTEL_SERVICE_NAME"] = "my-proxy";
        await RunAsync(environment, origin, url => CallAsync(url.Port, Call(url)));

        foreach (var name in new[] { "mcp.server.operation.duration", "mcp.client.operation.duration" })
        {
            var metric = collector.Metrics.First(metric => metric.Name == name);
            var point = Assert.Single(metric.Points);

            Assert.Equal("s", metric.Unit);
            Assert.Equal([0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300], metric.Bounds);
            Assert.Equal(
                ("tools/call", "get_weather", "tool_error"),
                (point["mcp.method.name"], point["gen_ai.tool.name"], point["error.type"])
            );
        }

        var names = collector.Metrics.Select(metric => metric.Name).ToHashSet(StringComparer.Ordinal);
        Assert.Superset(
            new HashSet<string>(StringComparer.Ordinal)
            {
                "http.server.request.duration",
                "kestrel.active_connections",
                "http.client.request.duration",
                "mcpr.terminal.lines.dropped",
            },
            names
        );
        Assert.Contains("service.name=my-proxy", collector.Services, StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DisabledSdk_SendsNothing()
    {
        await using var collector = new OtlpReceiver();
        await using var origin = Answering(Failed);
        var environment = collector.Environment;
        environment["OTEL_SDK_DISABLED"] = "true";

        await RunAsync(environment, origin, url => CallAsync(url.Port, Call(url)));

        Assert.Empty(collector.Spans);
        Assert.Empty(collector.Metrics);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CollectorThatIsAway_IsToldAndHoldsNothingUp()
    {
        await using var origin = Answering(Failed);
        var environment = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            // Port 9 is discard, and nobody listens there.
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:9",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        };

        var lines = await RunAsync(environment, origin, url => CallAsync(url.Port, Call(url)));

        Assert.Contains(lines, line => line.StartsWith("mcpr: OpenTelemetry: ", StringComparison.Ordinal));
    }

    /// <summary>Runs the proxy in front of an origin for a while, and stops it as Ctrl+C does.</summary>
    /// <returns>What it said on standard error.</returns>
    private static async Task<IReadOnlyList<string>> RunAsync(
        IReadOnlyDictionary<string, string?> environment,
        RawHttpOrigin origin,
        Func<Uri, Task> call
    )
    {
        await using var proxy = await LocalProxy.StartAsync(
            ["proxy", "--mcp", origin.BaseAddress.GetLeftPart(UriPartial.Authority), "--port", "0"],
            Cancellation,
            environment
        );
        await call(proxy.Url);
        proxy.Process.Interrupt();
        Assert.Equal(0, await proxy.Process.WaitForExitAsync(Cancellation));
        return proxy.Process.Error.Lines;
    }

    private static RawHttpOrigin Answering(string json) =>
        RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync(
                    FormattableString.Invariant(
                        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}"
                    )
                );
            }
        );

    private static string Call(Uri url) =>
        Calls
            .Post(
                url,
                $$$$"""
                {"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_weather","arguments":{"key":"s3cret"},
                "_meta":{"traceparent":"00-{{{{MessageTrace}}}}-{{{{MessageSpan}}}}-01"}}}
                """
            )
            .Replace(
                "Accept:",
                $"traceparent: 00-{HttpTrace}-{HttpSpan}-01\r\ntracestate: vendor=opaque\r\nbaggage: tenant=a%20b\r\n"
                    + "Mcp-Session-Id: s-1\r\nMCP-Protocol-Version: 2025-11-25\r\nAccept:",
                StringComparison.Ordinal
            );

    private static async Task CallAsync(int port, string request)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", port, Cancellation);
        await caller.SendAsync(request, Cancellation);
        await (await caller.ReadResponseAsync(Cancellation, "POST")).ReadBodyAsync(Cancellation);
    }
}
