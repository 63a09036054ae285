using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>
/// Clients of all revisions at once, at a server whose answers are rewritten: tools are renamed, so that lists and streams go through the rules.
/// </summary>
public sealed class ErasTests : IAsyncLifetime
{
    /// <summary>What the product promises for telling the server that its caller left.</summary>
    private static readonly TimeSpan s_cancellationPromise = TimeSpan.FromSeconds(1);

    private readonly TemporaryFolder _folder = new();

    // One that leaves when it leaves, and does not wait whether the rest of an answer comes soon.
    private readonly HttpClient _client = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero });
    private RawHttpOrigin _origin = null!;
    private LocalProxy _proxy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Func<RawRequest, string, RawConnection, Task> Answer { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _origin = RawHttpOrigin.Start(
            async (request, connection) =>
                await Answer(request, Encoding.UTF8.GetString(await request.ReadBodyAsync(Cancellation)), connection)
        );
        await File.WriteAllTextAsync(
            Path.Combine(_folder.Path, "mcpr.toml"),
            $"mcp = '{_origin.BaseAddress}'\n[tools]\nrename = ['* -> t_*']\ndeny = ['rm']\n",
            Cancellation
        );
        _proxy = await LocalProxy.StartAsync(["--port", "0"], Cancellation, workingFolder: _folder.Path);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RequestsOfOneId_NeverMix()
    {
        const int Callers = 40;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var arrived = 0;
        Answer = async (request, _, connection) =>
        {
            if (Interlocked.Increment(ref arrived) == Callers)
            {
                all.SetResult();
            }

            await all.Task.WaitAsync(Cancellation);
            var token = int.Parse(request.Header("X-Token")!, CultureInfo.InvariantCulture);
            var list = $$$"""{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"rm"},{"name":"{{{token}}}"}]}}""";
            await (token % 2 == 0 ? SendAsync(connection, 200, list) : SendEventsAsync(connection, $"data: {list}\n\n"));
        };

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(async number =>
                {
                    using var answer = await PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", ("X-Token", $"{number}"));
                    return await answer.Content.ReadAsStringAsync(Cancellation);
                })
        );

        Assert.All(
            answers.Index(),
            answer =>
                Assert.Equal(
                    $$$"""{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"t_{{{answer.Index}}}"}]}}""",
                    answer.Item.Replace("data: ", string.Empty, StringComparison.Ordinal).TrimEnd('\n')
                )
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ModernStreamThatIsClosed_CancelsAtTheServer()
    {
        var (open, closed) = (
            new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
            new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
        );
        Answer = async (_, _, connection) =>
        {
            await SendEventsAsync(
                connection,
                "event: message\ndata: {\"method\":\"notifications/subscriptions/acknowledged\"}\n\n",
                ends: false
            );
            open.SetResult();
            await connection.Closed;
            closed.SetResult(Stopwatch.GetTimestamp());
        };
        using var request = Request(
            """{"jsonrpc":"2.0","id":"s","method":"subscriptions/listen","params":{}}""",
            ("MCP-Protocol-Version", "2026-07-28")
        );
        var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await open.Task;

        var left = Stopwatch.GetTimestamp();
        answer.Dispose();

        Assert.InRange(Stopwatch.GetElapsedTime(left, await closed.Task), TimeSpan.Zero, s_cancellationPromise);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task UnknownMethodOfTheModernEra_IsAnsweredAsItIs()
    {
        const string Unknown = """{"jsonrpc":"2.0","id":7,"error":{"code":-32601,"message":"Method not found"}}""";
        Answer = (_, _, connection) => SendAsync(connection, 404, Unknown);

        using var answer = await PostAsync(
            """{"jsonrpc":"2.0","id":7,"method":"x/y"}""",
            ("MCP-Protocol-Version", "2026-07-28"),
            ("Mcp-Method", "x/y"),
            ("Mcp-Param-Region", "eu")
        );

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(Unknown, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.False(answer.Headers.Contains("mcpr-error"));
        var arrived = Assert.Single(_origin.Requests);
        Assert.Equal(
            ("x/y", "eu", "2026-07-28"),
            (arrived.Header("Mcp-Method"), arrived.Header("Mcp-Param-Region"), arrived.Header("MCP-Protocol-Version"))
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Batch_IsRenamedMessageByMessage()
    {
        const string Sent =
            """[{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"t_a"}}, {"jsonrpc":"2.0","id":"1","method":"tools/list"}]""";
        var body = string.Empty;
        Answer = (_, sent, connection) =>
        {
            body = sent;
            return SendAsync(connection, 200, """[{"id":"1","result":{"tools":[{"name":"a"}]}}, {"id":1,"result":{"content":[]}}]""");
        };

        using var answer = await PostAsync(Sent);

        Assert.Equal(Sent.Replace("t_a", "a", StringComparison.Ordinal), body);
        Assert.Equal(
            """[{"id":"1","result":{"tools":[{"name":"t_a"}]}}, {"id":1,"result":{"content":[]}}]""",
            await answer.Content.ReadAsStringAsync(Cancellation)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LegacySession_IsResumedAndEnded()
    {
        Answer = (request, _, connection) =>
            request.Method == "DELETE"
                ? connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n")
                : SendEventsAsync(
                    connection,
                    "id: 8\r\nretry: 100\r\ndata:\r\n\r\nid: 9\ndata: {\"id\":1,\ndata: \"result\":{\"tools\":[{\"name\":\"rm\"}]}}\n\n: bye\n\n"
                );
        using var get = Request(json: null, ("Mcp-Session-Id", "s-1"), ("Last-Event-ID", "7"));
        get.Headers.Accept.ParseAdd("text/event-stream");
        using var delete = Request(json: null, ("Mcp-Session-Id", "s-1"));
        delete.Method = HttpMethod.Delete;

        using var stream = await _client.SendAsync(get, Cancellation);
        using var ended = await _client.SendAsync(delete, Cancellation);

        Assert.Equal(
            "id: 8\r\nretry: 100\r\ndata:\r\n\r\nid: 9\ndata: {\"id\":1,\ndata: \"result\":{\"tools\":[]}}\n\n: bye\n\n",
            await stream.Content.ReadAsStringAsync(Cancellation)
        );
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(
            ["GET s-1 7", "DELETE s-1 "],
            _origin.Requests.Select(one => $"{one.Method} {one.Header("Mcp-Session-Id")} {one.Header("Last-Event-ID")}"),
            StringComparer.Ordinal
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    private static Task SendAsync(RawConnection connection, int status, string json) =>
        connection.SendAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status} Status\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {json.Length}\r\n\r\n{json}"
            )
        );

    private static async Task SendEventsAsync(RawConnection connection, string events, bool ends = true)
    {
        await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + events);
        if (ends)
        {
            connection.Close();
        }
    }

    private HttpRequestMessage Request(string? json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(json is null ? HttpMethod.Get : HttpMethod.Post, _proxy.Url)
        {
            Content = json is null ? null : new StringContent(json, MediaTypeHeaderValue.Parse("application/json")),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return request;
    }

    private async Task<HttpResponseMessage> PostAsync(string json, params (string Name, string Value)[] headers)
    {
        using var request = Request(json, headers);
        return await _client.SendAsync(request, Cancellation);
    }
}
