using System.Net;
using System.Text;
using ModelContextProtocol.Client;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>The sample of an application that has the proxy core among its endpoints.</summary>
public sealed class EmbeddedProxyTests : IAsyncLifetime
{
    private readonly RawHttpOrigin _notes = RawHttpOrigin.Start(
        async (request, connection) =>
        {
            await request.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        }
    );

    private ChildProcess _weather = null!;
    private ChildProcess _application = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _weather = ChildProcess.Start(Programs.WeatherServer, ["--port", "0"]);
        var weather = await _weather.Output.WaitForAsync(_ => true, Cancellation);
        _application = ChildProcess.Start(
            Programs.EmbeddedProxy,
            ["--urls", "http://127.0.0.1:0", "--weather", weather, "--notes", $"{_notes.BaseAddress}api/mcp"]
        );
        // Now listening on: http://127.0.0.1:41231
        var line = await _application.Output.WaitForAsync(
            line => line.Contains("Now listening on: ", StringComparison.Ordinal),
            Cancellation
        );
        _client = new HttpClient { BaseAddress = new Uri(line.Split("on: ")[1]) };
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SdkClient_CallsToolsAndTheApplicationHearsOfIt()
    {
        await using var transport = new HttpClientTransport(
            new HttpClientTransportOptions { Endpoint = new Uri(_client.BaseAddress!, "/weather/mcp") }
        );
        await using var client = await McpClient.CreateAsync(transport, cancellationToken: Cancellation);

        var weather = await client.CallToolAsync(
            "get_weather",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["city"] = "Oslo" },
            cancellationToken: Cancellation
        );

        Assert.NotEqual(true, weather.IsError);
        await _application.Output.WaitForAsync(
            line => line.StartsWith("tool_call get_weather ok ", StringComparison.Ordinal),
            Cancellation
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EveryServer_HasItsOwnPathsAndTheApplicationTheRest()
    {
        var page = await _client.GetStringAsync("/", Cancellation);
        using var other = await _client.GetAsync("/elsewhere", Cancellation);
        await PostAsync("/notes/mcp?x=1", "add");
        await PostAsync("/notes/mcp/below", "add");
        await _client.GetStringAsync("/notes/mcp", Cancellation);
        await _client.GetStringAsync("/notes/mcp/sse", Cancellation);
        await _client.GetStringAsync("/.well-known/oauth-protected-resource/notes/mcp", Cancellation);

        Assert.StartsWith("MCP servers", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(
            ["POST /api/mcp?x=1", "POST /api/mcp", "GET /api/mcp", "GET /sse", "GET /.well-known/oauth-protected-resource/api/mcp"],
            _notes.Requests.Select(request => $"{request.Method} {request.Target}"),
            StringComparer.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WhatTheApplicationDenies_DoesNotReachTheServer()
    {
        using var answer = await PostAsync("/notes/mcp", "delete_all");

        Assert.Contains("-32602", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(_notes.Requests);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ForgedForwardingHeaders_AreReplaced()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/notes/mcp");
        request.Headers.Add("X-Forwarded-Host", "bank.example");
        using var answer = await _client.SendAsync(request, Cancellation);

        Assert.Equal(_client.BaseAddress!.Authority, Assert.Single(_notes.Requests).Header("X-Forwarded-Host"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _application.DisposeAsync();
        await _weather.DisposeAsync();
        await _notes.DisposeAsync();
    }

    private Task<HttpResponseMessage> PostAsync(string path, string tool) =>
        _client.PostAsync(
            path,
            new StringContent(
                $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"{{{tool}}}"}}""",
                Encoding.UTF8,
                "application/json"
            ),
            Cancellation
        );
}
