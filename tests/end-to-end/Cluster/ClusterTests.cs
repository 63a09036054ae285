using System.Diagnostics;
using System.Net;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Resilience;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Cluster;

/// <summary>Two relays and a Redis: any of the relays serves any name, and losing one of the three loses no tunnel.</summary>
[Trait("needs", "redis")]
public sealed class ClusterTests(ITestOutputHelper output)
{
    private const int Callers = 4;
    private const int RightAnswers = 100;

    /// <summary>What the product promises for a connector whose relay is gone.</summary>
    private static readonly TimeSpan s_backPromise = TimeSpan.FromSeconds(5);

    /// <summary>Longer than a relay waits for Redis, and then looks again.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(8);

    /// <summary>Less than a relay waits for Redis.</summary>
    private static readonly TimeSpan s_prompt = TimeSpan.FromSeconds(1.5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallsAtEitherNode_AreAnswered()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);

        await using (var load = CheckedLoad.Start(bed.Tunnel, Callers))
        {
            await load.WhenRightAsync(RightAnswers, Cancellation);
            Assert.Empty(load.Wrong);
            Assert.Empty(load.Refused);
            Assert.Equal(0, load.Aborted.Value);
        }

        Assert.Equal(200, await CallAsync(bed.First, bed.Tunnel.Url));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallerThatLeaves_EndsTheCallAtTheServer()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync(Calls.Post(bed.Tunnel.Url, Calls.Slow("1", "x")), Cancellation);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 1, Cancellation);

        await caller.DisposeAsync();

        await origin.Cancelled.WhenAsync(count => count == 1, Cancellation);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task KilledNode_ItsConnectorIsBackOnTheOtherAndCallersWait()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        Assert.Equal(200, await CallAsync(bed.Second, bed.Tunnel.Url));

        bed.Address.Target = bed.Second.Port;
        await bed.First.Process.KillAsync();
        var killed = Stopwatch.GetTimestamp();
        var waiting = CallAsync(bed.Second, bed.Tunnel.Url);
        await bed.Second.Process.Error.WaitForAsync(line => line.Contains("data connection up", StringComparison.Ordinal), Cancellation);
        var back = Stopwatch.GetElapsedTime(killed);

        output.WriteLine($"back after {back.TotalMilliseconds:F0} ms");
        Assert.Equal(200, await waiting);
        Assert.InRange(back, TimeSpan.Zero, s_backPromise);
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RedisGoneAndBackWithoutItsData_NothingThatIsOpenFails()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation, "--name", "otter");
        await using (var load = CheckedLoad.Start(bed.Tunnel, Callers))
        {
            await load.WhenRightAsync(RightAnswers, Cancellation);
            await bed.Redis.KillAsync();
            await bed.First.Process.Error.WaitForAsync(line => line.Contains("[1401]", StringComparison.Ordinal), Cancellation);

            await load.WhenRightAsync(RightAnswers, Cancellation);
            await using var thief = ConnectorProcess.Launch(bed.Second, "9", extraArguments: ["--name", "otter"]);
            await thief.Process.Error.WaitForAsync(line => line.Contains("[E7501]", StringComparison.Ordinal), Cancellation);
            await bed.Redis.RunAsync(Cancellation);
            await bed.First.Process.Error.WaitForAsync(line => line.Contains("[1402]", StringComparison.Ordinal), Cancellation);

            await load.WhenRightAsync(RightAnswers, Cancellation);
            await thief.Process.Error.WaitForAsync(line => line.Contains("[E7301]", StringComparison.Ordinal), Cancellation);
            await load.WhenRightAsync(RightAnswers, Cancellation);

            output.WriteLine(load.ToString());
            Assert.Empty(load.Wrong);
            Assert.Empty(load.Refused);
            Assert.Equal(0, load.Aborted.Value);
        }

        Assert.False(bed.Tunnel.Connector.Process.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatComesBackAtAnotherNode_GetsWhatWaitsForItAtTheFirst()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        Assert.Equal(200, await CallAsync(bed.Second, bed.Tunnel.Url));

        await bed.Tunnel.Connector.Process.KillAsync();
        // A call on a connection that is about to be found dead is refused: nobody knows whether it was acted on.
        await bed.First.Process.Error.WaitForAsync(_ => ConnectionsLost(bed.First) == 2, Cancellation);
        var atFirst = CallAsync(bed.First, bed.Tunnel.Url);
        var atSecond = CallAsync(bed.Second, bed.Tunnel.Url);
        bed.Address.Target = bed.Second.Port;
        await bed.Tunnel.Connector.RestartAsync(Cancellation);

        Assert.Equal((200, 200), (await atFirst, await atSecond));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task NodeThatIsToldToStop_FailsNoCallAtTheOther()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var load = CheckedLoad.Start(bed.Tunnel, Callers);
        await load.WhenRightAsync(RightAnswers, Cancellation);

        bed.Address.Target = bed.Second.Port;
        bed.First.Process.Terminate();
        Assert.Equal(0, await bed.First.Process.WaitForExitAsync(Cancellation));
        await load.WhenRightAsync(RightAnswers, Cancellation);
        bed.Address.Target = bed.First.Port;
        await bed.First.RestartAsync(Cancellation);
        await load.WhenRightAsync(RightAnswers, Cancellation);

        output.WriteLine(load.ToString());
        Assert.Empty(load.Wrong);
        Assert.Empty(load.Refused);
        Assert.Equal(0, load.Aborted.Value);
        Assert.False(bed.Tunnel.Connector.Process.HasExited);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RedisGoneBeforeANodeWasAskedForAName_TheNodeFindsItAllTheSame()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        await bed.Second.Process.Error.WaitForAsync(line => line.Contains("[1405]", StringComparison.Ordinal), Cancellation);

        await bed.Redis.KillAsync();

        Assert.Equal(200, await CallAsync(bed.Second, bed.Tunnel.Url));
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RedisThatDoesNotAnswer_SlowsNoCallDown()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        Assert.Equal(200, await CallAsync(bed.Second, bed.Tunnel.Url));

        await bed.Redis.PauseAsync(s_pause, Cancellation);
        await bed.First.Process.Error.WaitForAsync(line => line.Contains("[1401]", StringComparison.Ordinal), Cancellation);
        var asked = Stopwatch.GetTimestamp();
        var status = await CallAsync(bed.Second, bed.Tunnel.Url);
        var took = Stopwatch.GetElapsedTime(asked);

        Assert.Equal(200, status);
        Assert.InRange(took, TimeSpan.Zero, s_prompt);
        await bed.First.Process.Error.WaitForAsync(line => line.Contains("[1402]", StringComparison.Ordinal), Cancellation);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerThatSaysWhatRelaysSay_IsTakenForAServer()
    {
        await using var origin = RawHttpOrigin.Start(
            static (_, connection) => connection.SendAsync("HTTP/1.1 200 OK\r\nmcpr-cluster-not-here: true\r\nContent-Length: 2\r\n\r\nok")
        );
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync($"GET / HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\nmcpr-cluster-key: guessed\r\n\r\n", Cancellation);
        var answer = await caller.ReadResponseAsync(Cancellation);

        Assert.Equal((200, "ok"), (answer.StatusCode, Calls.Text(await answer.ReadBodyAsync(Cancellation))));
        Assert.Null(Assert.Single(origin.Requests).Header("mcpr-cluster-key"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NewerConnectorOnTheOtherNode_TakesOver()
    {
        await using var old = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(old.BaseAddress, Cancellation, "--name", "otter");
        Assert.Equal(200, await CallAsync(bed.Second, bed.Tunnel.Url));

        // It is the same owner only at the same address.
        bed.Address.Target = bed.Second.Port;
        await using var newer = await ConnectorProcess.StartAsync(
            bed.Second,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            bed.Tunnel.Connector.ConfigFolder,
            through: bed.Address,
            extraArguments: ["--name", "otter"]
        );

        Assert.Equal(7, await bed.Tunnel.Connector.Process.WaitForExitAsync(Cancellation));
        Assert.Equal(200, await CallAsync(bed.First, bed.Tunnel.Url));
        Assert.Equal(200, await CallAsync(bed.Second, bed.Tunnel.Url));
        Assert.Equal((1, 2), (old.Answered.Value, origin.Answered.Value));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MemberWhoseServerIsGone_LeavesItsNodesCallsToAMemberAtAnother()
    {
        await using var gone = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(gone.BaseAddress, Cancellation, "--name", "otter", "--join");
        await using var other = await JoinAtSecondAsync(bed, origin);

        var before = await CallAsync(bed.First, bed.Tunnel.Url);
        await gone.DisposeAsync();
        var failed = await CallAsync(bed.First, bed.Tunnel.Url);
        var after = failed;
        while (after == failed)
        {
            // The relay takes notice when the answer has left, which the caller may have by then.
            after = await CallAsync(bed.First, bed.Tunnel.Url);
        }

        Assert.Equal((200, 502, 200), (before, failed, after));
        Assert.Equal((1, 1), (gone.Answered.Value, origin.Answered.Value));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MemberThatIsAway_LetsNoCallWaitWhileThereIsAnother()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation, "--name", "otter", "--join");
        await using var other = await JoinAtSecondAsync(bed, origin);

        await bed.Tunnel.Connector.Process.KillAsync();
        await bed.First.Process.Error.WaitForAsync(line => line.Contains("[1004]", StringComparison.Ordinal), Cancellation);
        var asked = Stopwatch.GetTimestamp();
        var status = await CallAsync(bed.First, bed.Tunnel.Url);

        Assert.Equal(200, status);
        Assert.InRange(Stopwatch.GetElapsedTime(asked), TimeSpan.Zero, s_pause);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NodePort_IsForThoseWhoKnowTheKey()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Cancellation);
        await using var bed = await ClusterBed.StartAsync(origin.BaseAddress, Cancellation);
        using var http = TunnelBed.NewInvoker(bed.FirstNodePort);
        using var request = new HttpRequestMessage(HttpMethod.Get, bed.Tunnel.Url)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Add("mcpr-cluster-key", "guessed");

        using var answer = await http.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("E7106", answer.Headers.GetValues("mcpr-error").Single());
    }

    /// <summary>It is the same owner only at the same address.</summary>
    private static async Task<ConnectorProcess> JoinAtSecondAsync(ClusterBed bed, JsonRpcOrigin origin)
    {
        bed.Address.Target = bed.Second.Port;
        return await ConnectorProcess.StartAsync(
            bed.Second,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            bed.Tunnel.Connector.ConfigFolder,
            through: bed.Address,
            extraArguments: ["--name", "otter", "--join"]
        );
    }

    private static int ConnectionsLost(RelayProcess relay) =>
        relay.Process.Error.Lines.Count(line => line.Contains("[1007]", StringComparison.Ordinal));

    private static async Task<int> CallAsync(RelayProcess relay, Uri url)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(Calls.Post(url, Calls.Echo("1", "x")), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await response.ReadBodyAsync(Cancellation);
        return response.StatusCode;
    }
}
