using System.Net;
using System.Text;
using ModelContextProtocol.Client;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>Many MCP servers behind one port and one tunnel, each under its name.</summary>
public sealed class SeveralServersTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EveryServer_HasItsPaths()
    {
        await using var alone = RecordingOrigin();
        await using var files = RecordingOrigin();
        await using var notes = RecordingOrigin();
        await using var proxy = await LocalProxy.StartAsync(
            [
                "--mcp",
                alone.BaseAddress.AbsoluteUri,
                "--server",
                $"files={files.BaseAddress.Authority}/api/mcp",
                "--server",
                $"notes={notes.BaseAddress.Authority}",
                "--port",
                "0",
            ],
            Cancellation
        );
        await proxy.Process.Output.WaitForAsync(line => line.Contains("/notes/", StringComparison.Ordinal), Cancellation);
        using var client = new HttpClient { BaseAddress = proxy.Url };

        await PostAsync(client, "/anything");
        await PostAsync(client, "/files");
        await PostAsync(client, "/files/mcp?x=1");
        await client.GetAsync("/files/mcp", Cancellation);
        await client.GetAsync("/.well-known/oauth-protected-resource/files/mcp", Cancellation);
        await client.DeleteAsync("/notes/mcp", Cancellation);
        await client.GetAsync("/notes/assets/a%2Fb.js", Cancellation);
        await client.GetAsync("/.well-known/oauth-protected-resource/mcp", Cancellation);

        var origin = proxy.Url.GetLeftPart(UriPartial.Authority);
        Assert.Equal([$"{origin}/mcp", $"{origin}/files/mcp", $"{origin}/notes/mcp"], proxy.Process.Output.Lines);
        Assert.Equal(["POST /mcp", "GET /.well-known/oauth-protected-resource/mcp"], Targets(alone));
        Assert.Equal(
            ["POST /api/mcp", "POST /api/mcp?x=1", "GET /api/mcp", "GET /.well-known/oauth-protected-resource/api/mcp"],
            Targets(files)
        );
        Assert.Equal(["DELETE /mcp", "GET /assets/a%2Fb.js"], Targets(notes));
        Assert.Equal("/notes", notes.Requests[0].Header("X-Forwarded-Prefix"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OneTunnel_ServesThemAll()
    {
        await using var alone = RecordingOrigin();
        await using var files = RecordingOrigin();
        await using var bed = await TunnelBed.StartAsync(
            alone.BaseAddress,
            Cancellation,
            "--server",
            $"files={files.BaseAddress.Authority}/api/mcp"
        );
        var second = await bed.Connector.Process.Output.WaitForAsync(
            line => line.EndsWith("/files/mcp", StringComparison.Ordinal),
            Cancellation
        );

        using var call = new StringContent(Call, Encoding.UTF8, "application/json");
        using var answer = await bed.Http.PostAsync(new Uri(second), call, Cancellation);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(bed.Url.GetLeftPart(UriPartial.Authority) + "/files/mcp", second);
        Assert.Equal(["POST /api/mcp"], Targets(files), StringComparer.Ordinal);
        Assert.Empty(alone.Requests);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PathOfNoServer_IsRefusedWithTheNamesThereAre()
    {
        await using var files = RecordingOrigin();
        await using var proxy = await LocalProxy.StartAsync(
            ["--server", $"files={files.BaseAddress.Authority}", "--server", $"notes={files.BaseAddress.Authority}", "--port", "0"],
            Cancellation
        );
        using var client = new HttpClient { BaseAddress = proxy.Url };

        using var answer = await PostAsync(client, "/other/mcp");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("\"id\":1,", body, StringComparison.Ordinal);
        Assert.Contains("files, notes", body, StringComparison.Ordinal);
        Assert.Contains("E1006", body, StringComparison.Ordinal);
        Assert.Empty(files.Requests);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LegacyStreamBelowAName_TellsItsClientToPostThere()
    {
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync(
                    request.Method == "GET"
                        ? "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\nevent: endpoint\ndata: /messages?sessionId=7\n\n"
                        : "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n"
                );
                if (request.Method == "GET")
                {
                    connection.Close();
                }
            }
        );
        await using var proxy = await LocalProxy.StartAsync(
            ["--server", $"old={origin.BaseAddress.Authority}/sse", "--port", "0"],
            Cancellation
        );
        using var client = new HttpClient { BaseAddress = proxy.Url };

        var stream = await client.GetStringAsync("/old/mcp", Cancellation);
        using var accepted = await PostAsync(client, "/old/messages?sessionId=7");

        Assert.Equal("event: endpoint\ndata: /old/messages?sessionId=7\n\n", stream);
        Assert.Equal(["GET /sse", "POST /messages?sessionId=7"], Targets(origin));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SdkClient_WorksBelowAName()
    {
        await using var server = ChildProcess.Start(Programs.WeatherServer, ["--port", "0"]);
        var mcp = new Uri(await server.Output.WaitForAsync(_ => true, Cancellation));
        await using var proxy = await LocalProxy.StartAsync(["--server", $"weather={mcp}", "--port", "0"], Cancellation);
        await using var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = proxy.Url });
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);

        Assert.EndsWith("/weather/mcp", proxy.Url.AbsolutePath, StringComparison.Ordinal);
        Assert.Contains(tools, tool => tool.Name == "get_weather");
    }

    private static RawHttpOrigin RecordingOrigin() =>
        RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
            }
        );

    private static string[] Targets(RawHttpOrigin origin) => [.. origin.Requests.Select(request => $"{request.Method} {request.Target}")];

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string path) =>
        client.PostAsync(path, new StringContent(Call, Encoding.UTF8, "application/json"), Cancellation);
}
