using System.Globalization;
using System.Net.WebSockets;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Resilience;
using Tunnel.EndToEnd.Tests.Telemetry;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>What the relay or one tunnel is flooded with; calls of another tunnel go on all the while, and every one of them is answered.</summary>
[Collection(Alone.Name)]
[Trait("tier", "slow")]
public sealed class FloodTests
{
    private const int WebSockets = 2000;
    private const int Connections = 500;
    private const int OpenedAtOnce = 50;

    /// <summary>Between two bytes of somebody slow: well below anybody's idea of a dead connection.</summary>
    private static readonly TimeSpan s_dribble = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task HeadersThatNeverEnd_AreCutOffWhileOthersAreServed()
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var others = await BusyTunnel.StartAsync(relay, Cancellation);

        var slow = ManyAsync(Connections, () => DribbleHeadersAsync(relay));
        await others.GoOnAsync(Cancellation);
        var answers = await slow;

        Assert.All(answers, status => Assert.Equal(408, status));
        await others.GoOnAsync(Cancellation);
        others.AssertUnharmed();
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task BodiesThatNeverEnd_FillTheirOwnTunnelOnly()
    {
        const int Most = 50;
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(
            Cancellation,
            "--admin",
            "0",
            "--max-requests-per-tunnel",
            Most.ToString(CultureInfo.InvariantCulture)
        );
        await using var attacked = await StartConnectorAsync(relay, origin.BaseAddress);
        await using var others = await BusyTunnel.StartAsync(relay, Cancellation);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var slow = ManyAsync(Most, () => DribbleBodyAsync(relay, attacked.Url, leaving.Token));
        var refused = await CallUntilAsync(relay, attacked.Url, status => status != 200);
        await others.GoOnAsync(Cancellation);
        var metrics = await (await AdminPort.OfAsync(relay.Process)).GetAsync("/metrics");
        await leaving.CancelAsync();
        await slow;

        Assert.Equal((503, "E2101", "1"), (refused.StatusCode, refused.Header("mcpr-error"), refused.Header("Retry-After")));
        Assert.Contains("mcpr_relay_errors_total{code=\"E2101\"}", metrics.Text, StringComparison.Ordinal);
        await CallUntilAsync(relay, attacked.Url, status => status == 200);
        others.AssertUnharmed();
    }

    [Theory(Timeout = TestLimits.LongMilliseconds)]
    [InlineData("/_mcpr/control", "E7101")]
    [InlineData("/_mcpr/data", "E7103")]
    public async Task HandshakesWithoutACredential_AreRefusedAndCounted(string path, string code)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--admin", "0");
        await using var others = await BusyTunnel.StartAsync(relay, Cancellation);

        var answers = await ManyAsync(Connections, () => KnockAsync(relay, path));
        await others.GoOnAsync(Cancellation);
        var metrics = await (await AdminPort.OfAsync(relay.Process)).GetAsync("/metrics");

        Assert.All(answers, answer => Assert.Equal((401, code), answer));
        var counted = string.Create(CultureInfo.InvariantCulture, $"mcpr_relay_errors_total{{code=\"{code}\"}} {Connections}\n");
        Assert.Contains(counted, metrics.Text, StringComparison.Ordinal);
        others.AssertUnharmed();
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task ThousandsOfIdleWebSockets_LeaveOtherTunnelsAlone()
    {
        await using var echo = await WebSocketEchoOrigin.StartAsync(Cancellation);
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        await using var crowded = await StartConnectorAsync(relay, echo.BaseAddress);
        await using var others = await BusyTunnel.StartAsync(relay, Cancellation);
        using var invoker = TunnelBed.NewInvoker(relay.Port);

        List<ClientWebSocket> open = [];
        while (open.Count < WebSockets)
        {
            open.AddRange(await ManyAsync(OpenedAtOnce, () => OpenAsync(crowded.Url, invoker)));
        }

        await others.GoOnAsync(Cancellation);

        Assert.Equal(WebSockets, echo.OpenSockets.Value);
        Assert.Equal(5, await EchoAsync(open[0]));
        Assert.Equal(5, await EchoAsync(open[^1]));
        open.ForEach(webSocket => webSocket.Dispose());
        await echo.OpenSockets.WhenAsync(count => count == 0, Cancellation);
        others.AssertUnharmed();
    }

    private static Task<T[]> ManyAsync<T>(int count, Func<Task<T>> run) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => run()));

    private static Task<ConnectorProcess> StartConnectorAsync(RelayProcess relay, Uri server) =>
        ConnectorProcess.StartAsync(relay, server.GetLeftPart(UriPartial.Authority), Cancellation);

    private static Task<RawHttpClient> ConnectAsync(RelayProcess relay) =>
        RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);

    /// <returns>The status that ended it.</returns>
    private static async Task<int> DribbleHeadersAsync(RelayProcess relay)
    {
        await using var caller = await ConnectAsync(relay);
        await caller.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n", Cancellation);
        await DribbleAsync(caller, "X-More: 1\r\n", Cancellation);
        return (await caller.ReadResponseAsync(Cancellation)).StatusCode;
    }

    private static async Task<bool> DribbleBodyAsync(RelayProcess relay, Uri url, CancellationToken leaving)
    {
        await using var caller = await ConnectAsync(relay);
        await caller.SendAsync($"POST /mcp HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Length: 1000000\r\n\r\n", Cancellation);
        await DribbleAsync(caller, " ", leaving);
        return true;
    }

    /// <summary>Sends a little again and again, until the relay or the caller has had enough.</summary>
    private static async Task DribbleAsync(RawHttpClient caller, string little, CancellationToken leaving)
    {
        try
        {
            while (!caller.Closed.IsCompleted)
            {
                await Task.Delay(s_dribble, TimeProvider.System, leaving);
                await caller.SendAsync(little, leaving);
            }
        }
        catch (Exception over) when (over is IOException or System.Net.Sockets.SocketException or OperationCanceledException)
        {
            // What came back is what counts.
        }
    }

    private static async Task<(int Status, string? Code)> KnockAsync(RelayProcess relay, string path)
    {
        await using var caller = await ConnectAsync(relay);
        await caller.SendAsync(
            $"GET {path} HTTP/1.1\r\nHost: localhost:{relay.Port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: mcpr.h2.v1\r\n\r\n",
            Cancellation
        );
        var response = await caller.ReadResponseAsync(Cancellation);
        return (response.StatusCode, response.Header("mcpr-error"));
    }

    private static async Task<RawResponse> CallUntilAsync(RelayProcess relay, Uri url, Predicate<int> isIt)
    {
        while (true)
        {
            await using var caller = await ConnectAsync(relay);
            await caller.SendAsync(Calls.Post(url, Calls.Echo("1", "x")), Cancellation);
            var response = await caller.ReadResponseAsync(Cancellation, "POST");
            await response.ReadBodyAsync(Cancellation);
            if (isIt(response.StatusCode))
            {
                return response;
            }
        }
    }

    private static async Task<ClientWebSocket> OpenAsync(Uri url, HttpMessageInvoker invoker)
    {
        var webSocket = new ClientWebSocket();
        await webSocket.ConnectAsync(new UriBuilder(url) { Scheme = "ws" }.Uri, invoker, Cancellation);
        return webSocket;
    }

    private static async Task<int> EchoAsync(ClientWebSocket webSocket)
    {
        await webSocket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        return (await webSocket.ReceiveAsync(new byte[64].AsMemory(), Cancellation)).Count;
    }
}
