using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>What somebody sees who opens the MCP URL in a browser, through a tunnel.</summary>
public sealed class EndpointPageTests(RawBed bed) : IClassFixture<RawBed>
{
    private const string Browser = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\nSec-Fetch-Mode: navigate\r\n";
    private const string NoGet = "HTTP/1.1 405 Method Not Allowed\r\nAllow: POST\r\nContent-Length: 0\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(NoGet)]
    [InlineData("HTTP/1.1 406 Not Acceptable\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 10\r\n\r\nno session")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\nContent-Length: 0\r\n\r\n")]
    public async Task Browser_GetsAPageInsteadOfWhatIsForPrograms(string answer)
    {
        var (response, body) = await AskAsync("/mcp", Browser, answer);

        Assert.Equal((200, "text/html; charset=utf-8"), (response.StatusCode, response.Header("Content-Type")));
        Assert.StartsWith("default-src 'none';", response.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains($"<pre class=\"url\">http://{bed.Tunnel.Host}/mcp</pre>", body, StringComparison.Ordinal);
        Assert.Equal(
            answer.Contains("401", StringComparison.Ordinal),
            body.Contains("wants its users to sign in", StringComparison.Ordinal)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StreamOfEvents_IsNotLeftOpenForAPage()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Origin = async (_, connection) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\nevent: endpoint\ndata: /messages\n\n");
            await connection.Closed;
            ended.TrySetResult();
        };
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync($"GET /mcp HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\n{Browser}\r\n", Cancellation);

        var response = await caller.ReadResponseAsync(Cancellation);
        Assert.Contains("This is an MCP endpoint", Calls.Text(await response.ReadBodyAsync(Cancellation)), StringComparison.Ordinal);
        await ended.Task.WaitAsync(Cancellation);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/mcp", Browser, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nown", 200)]
    [InlineData("/mcp", Browser, "HTTP/1.1 405 No\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nown", 405)]
    [InlineData("/mcp", Browser, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 404)]
    [InlineData("/mcp", Browser, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", 403)]
    [InlineData("/mcp", Browser, "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n", 500)]
    [InlineData("/elsewhere", Browser, NoGet, 405)]
    [InlineData("/mcp/below", Browser, NoGet, 405)]
    [InlineData("/mcp", "Accept: application/json, text/event-stream\r\n", NoGet, 405)]
    [InlineData("/mcp", "Accept: text/event-stream\r\n", NoGet, 405)]
    [InlineData("/mcp", "Accept: */*\r\n", NoGet, 405)]
    [InlineData("/mcp", "", NoGet, 405)]
    [InlineData("/mcp", "Accept: text/html\r\nSec-Fetch-Mode: cors\r\n", NoGet, 405)]
    public async Task EverythingElse_GetsWhatTheServerSays(string path, string head, string answer, int expected)
    {
        var (response, body) = await AskAsync(path, head, answer);

        Assert.Equal(expected, response.StatusCode);
        Assert.DoesNotContain("MCP endpoint", body, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Page_CanBeSwitchedOff()
    {
        bed.Origin = (_, connection) => connection.SendAsync(NoGet);
        await using var proxy = await LocalProxy.StartAsync(
            ["proxy", "--mcp", $"{bed.OriginPort}", "--port", "0"],
            Cancellation,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_ENDPOINT_PAGE"] = "false" }
        );
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", proxy.Url.Port, Cancellation);

        await caller.SendAsync($"GET /mcp HTTP/1.1\r\nHost: {proxy.Url.Authority}\r\n{Browser}\r\n", Cancellation);

        Assert.Equal(405, (await caller.ReadResponseAsync(Cancellation)).StatusCode);
    }

    private async Task<(RawResponse Response, string Body)> AskAsync(string path, string head, string answer)
    {
        bed.Origin = (_, connection) => connection.SendAsync(answer);
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET {path} HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\n{head}\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        return (response, Calls.Text(await response.ReadBodyAsync(Cancellation)));
    }
}
