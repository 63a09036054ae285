using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>One MCP server at several addresses.</summary>
public sealed class BalancingTests : IAsyncLifetime
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
    private const string Initialize = """{"jsonrpc":"2.0","id":0,"method":"initialize"}""";

    private readonly RawHttpOrigin[] _origins = new RawHttpOrigin[2];
    private readonly HashSet<int> _running = [0, 1];
    private LocalProxy _proxy = null!;
    private HttpClient _client = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _origins[0] = Start("zero");
        _origins[1] = Start("one");
        _proxy = await LocalProxy.StartAsync(
            ["--mcp", $"{_origins[0].BaseAddress},{_origins[1].BaseAddress}", "--port", "0"],
            Cancellation
        );
        _client = new HttpClient { BaseAddress = _proxy.Url };
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallsWithoutASession_GoToAllOfThem()
    {
        List<string> answers = [];
        for (var number = 0; number < 10; number++)
        {
            answers.Add(await PostAsync(Call, session: null));
        }

        Assert.Equal(["one", "zero"], answers.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Session_StaysWhereItWasOpened()
    {
        for (var number = 0; number < 4; number++)
        {
            using var opened = await SendAsync(HttpMethod.Post, Initialize, session: null);
            var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
            var holder = await opened.Content.ReadAsStringAsync(Cancellation);
            for (var call = 0; call < 5; call++)
            {
                Assert.Equal(holder, await PostAsync(Call, session));
            }

            using var ended = await SendAsync(HttpMethod.Delete, body: null, session);
            Assert.Equal(holder, await ended.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AddressThatIsGone_LosesItsSessionsAndNothingElse()
    {
        Dictionary<string, string> sessions = new(StringComparer.Ordinal);
        while (sessions.Count < 2)
        {
            using var opened = await SendAsync(HttpMethod.Post, Initialize, session: null);
            sessions[await opened.Content.ReadAsStringAsync(Cancellation)] = opened.Headers.GetValues("Mcp-Session-Id").Single();
        }

        await StopAsync(1);
        using var lost = await SendAsync(HttpMethod.Post, Call, sessions["one"]);
        var kept = await PostAsync(Call, sessions["zero"]);
        List<string> fresh = [];
        for (var number = 0; number < 6; number++)
        {
            fresh.Add(await PostAsync(Initialize, session: null));
        }

        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        Assert.Equal("E1007", lost.Headers.GetValues("mcpr-error").Single());
        Assert.Equal("zero", kept);
        Assert.All(fresh, answer => Assert.Equal("zero", answer));
        await _proxy.Process.Error.WaitForAsync(
            line => line.Contains("does not answer; 1 of 2 addresses are left", StringComparison.Ordinal),
            Cancellation
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NoneLeft_IsUnreachable()
    {
        await StopAsync(0);
        await StopAsync(1);

        using var answer = await SendAsync(HttpMethod.Post, Call, session: null);

        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.All(_origins, origin => Assert.Contains(origin.Port.ToString(CultureInfo.InvariantCulture), body, StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AddressThatTakesNoConnection_IsGivenUpInTime()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a full backlog refuses connections");
        using var full = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        full.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        full.Listen(0);
        using var first = Fill(full);
        using var second = Fill(full);
        await using var proxy = await LocalProxy.StartAsync(
            ["--mcp", $"{full.LocalEndPoint}", "--mcp", _origins[0].BaseAddress.AbsoluteUri, "--port", "0"],
            Cancellation,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_LIMITS_CONNECT_TIMEOUT"] = "200ms" }
        );

        for (var number = 0; number < 4; number++)
        {
            using var answer = await _client.PostAsync(proxy.Url, Json(Call), Cancellation);
            Assert.Equal("zero", await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LegacySession_PostsToTheAddressOfItsStream()
    {
        for (var number = 0; number < 4; number++)
        {
            var stream = await _client.GetStringAsync("/sse", Cancellation);
            var (endpoint, holder) = (stream.Split('\n')[1]["data: ".Length..], stream.Split('\n')[4]["data: ".Length..]);
            for (var call = 0; call < 3; call++)
            {
                using var answer = await _client.PostAsync(endpoint, Json(Call), Cancellation);
                Assert.Equal(holder, await answer.Content.ReadAsStringAsync(Cancellation));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _proxy.DisposeAsync();
        foreach (var number in _running.ToArray())
        {
            await StopAsync(number);
        }
    }

    private ValueTask StopAsync(int number)
    {
        _running.Remove(number);
        return _origins[number].DisposeAsync();
    }

    /// <summary>A server that answers with its name, and opens a session where that is asked for.</summary>
    private static RawHttpOrigin Start(string name)
    {
        var opened = 0;
        return RawHttpOrigin.Start(
            async (request, connection) =>
            {
                var body = Encoding.UTF8.GetString(await request.ReadBodyAsync());
                if (request.Target == "/sse")
                {
                    await connection.SendAsync(
                        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
                            + $"event: endpoint\ndata: /messages?sessionId={name}{Interlocked.Increment(ref opened)}\n\nevent: message\ndata: {name}\n\n"
                    );
                    connection.Close();
                    return;
                }

                var session = body.Contains("initialize", StringComparison.Ordinal)
                    ? $"Mcp-Session-Id: {name}-{Interlocked.Increment(ref opened)}\r\n"
                    : string.Empty;
                await connection.SendAsync(
                    $"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n{session}Content-Length: {name.Length}\r\n\r\n{name}"
                );
            }
        );
    }

    private async Task<string> PostAsync(string body, string? session)
    {
        using var answer = await SendAsync(HttpMethod.Post, body, session);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? body, string? session)
    {
        using var request = new HttpRequestMessage(method, _proxy.Url) { Content = body is null ? null : Json(body) };
        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return await _client.SendAsync(request, Cancellation);
    }

    private static Socket Fill(Socket listener)
    {
        var waiting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
        try
        {
            waiting.Connect(listener.LocalEndPoint!);
        }
        catch (SocketException pending) when (pending.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // It waits in the backlog, or for a place there.
        }

        return waiting;
    }

    private static StringContent Json(string body) => new(body, MediaTypeHeaderValue.Parse("application/json"));
}
