using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.EndToEnd.Tests.Telemetry;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Edge;

/// <summary>
/// What one visitor, one name or one connector may take of a relay. Visitors have the addresses that a trusted proxy says; this machine's own
/// stand for many and are not limited.
/// </summary>
public sealed class LimitTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AddressThatAsksTooOften_IsToldAndOthersAreServed()
    {
        await using var origin = Origin();
        await using var relay = await RelayProcess.StartAsync(
            Cancellation,
            "--request-rate-per-address",
            "3",
            "--trusted-proxies",
            "127.0.0.1"
        );
        await using var connector = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);

        List<Answer> answers = [];
        for (var call = 0; call < 40; call++)
        {
            answers.Add(await AskAsync(relay, connector.Url, "192.0.2.7"));
        }

        var refused = answers.First(answer => answer.Status != 200);
        var other = await AskAsync(relay, connector.Url, "192.0.2.8");
        var unnamed = await AskAsync(relay, connector.Url, visitor: null);

        Assert.All(answers.Take(3), answer => Assert.Equal(200, answer.Status));
        Assert.Equal((429, "E1201", "1"), (refused.Status, refused.Error, refused.RetryAfter));
        Assert.Contains("\"id\":\"seven\"", refused.Text, StringComparison.Ordinal);
        Assert.Equal((200, 200), (other.Status, unnamed.Status));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NameThatIsAskedTooOften_LeavesOtherNamesAlone()
    {
        await using var origin = Origin();
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--request-rate-per-tunnel", "3");
        await using var flooded = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);
        await using var quiet = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);

        List<Answer> answers = [];
        for (var call = 0; call < 40; call++)
        {
            answers.Add(await AskAsync(relay, flooded.Url, visitor: null));
        }

        Assert.Contains(answers, answer => answer.Error == "E1203" && answer.Status == 429);
        Assert.Equal(200, (await AskAsync(relay, quiet.Url, visitor: null)).Status);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AddressWithTooMuchUnderWay_IsServedAgainWhenThatEnds()
    {
        var release = new TaskCompletionSource();
        using var arrived = new SemaphoreSlim(0);
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                if (request.Target == "/slow")
                {
                    arrived.Release();
                    await release.Task;
                }

                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        );
        await using var relay = await RelayProcess.StartAsync(
            Cancellation,
            "--max-requests-per-address",
            "2",
            "--trusted-proxies",
            "127.0.0.1"
        );
        await using var connector = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);
        var slow = new[] { GetAsync(relay, connector.Url, "/slow", "192.0.2.7"), GetAsync(relay, connector.Url, "/slow", "192.0.2.7") };
        await arrived.WaitAsync(Cancellation);
        await arrived.WaitAsync(Cancellation);

        var over = await GetAsync(relay, connector.Url, "/", "192.0.2.7");
        var other = await GetAsync(relay, connector.Url, "/", "2001:db8::7");
        release.SetResult();
        var held = await Task.WhenAll(slow);

        Assert.Equal((429, "E1202", "1"), (over.Status, over.Error, over.RetryAfter));
        Assert.Equal(200, other.Status);
        Assert.All(held, answer => Assert.Equal(200, answer.Status));

        // The share is given back after the last byte; a caller may be a moment ahead of that.
        Answer again;
        do
        {
            again = await GetAsync(relay, connector.Url, "/", "192.0.2.7");
        } while (again.Status == 429);

        Assert.Equal(200, again.Status);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectorThatOpensTunnelsTooOften_HasToWait()
    {
        await using var origin = Origin();
        await using var relay = await RelayProcess.StartAsync(Cancellation, "--tunnels-per-minute", "1", "--admin", "0");
        await using var first = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);
        await using var second = ConnectorProcess.Launch(relay, "9", first.ConfigFolder);
        await using var somebodyElse = await ConnectorProcess.StartAsync(relay, origin.BaseAddress.AbsoluteUri, Cancellation);

        await second.Process.Error.WaitForAsync(line => line.Contains("E7505", StringComparison.Ordinal), Cancellation);
        var metrics = await (await AdminPort.OfAsync(relay.Process)).GetAsync("/metrics");

        Assert.Contains("mcpr_relay_errors_total{code=\"E7505\"}", metrics.Text, StringComparison.Ordinal);
        Assert.Contains("mcpr_relay_tunnels_open 2\n", metrics.Text, StringComparison.Ordinal);
    }

    private static RawHttpOrigin Origin() =>
        RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await request.ReadBodyAsync();
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
            }
        );

    private static Task<Answer> AskAsync(RelayProcess relay, Uri url, string? visitor) =>
        SendAsync(relay, Calls.Post(url, Calls.Echo("\"seven\"", "x")), visitor);

    private static Task<Answer> GetAsync(RelayProcess relay, Uri url, string path, string visitor) =>
        SendAsync(relay, $"GET {path} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n", visitor);

    private static async Task<Answer> SendAsync(RelayProcess relay, string request, string? visitor)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        var forwarded = visitor is null ? string.Empty : $"X-Forwarded-For: {visitor}\r\n";
        await caller.SendAsync(request.Replace("HTTP/1.1\r\n", $"HTTP/1.1\r\n{forwarded}", StringComparison.Ordinal), Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        var text = Calls.Text(await response.ReadBodyAsync(Cancellation));
        return new Answer(response.StatusCode, response.Header("mcpr-error"), response.Header("Retry-After"), text);
    }

    private sealed record Answer(int Status, string? Error, string? RetryAfter, string Text);
}
