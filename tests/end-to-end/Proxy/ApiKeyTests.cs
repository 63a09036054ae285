using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>A tunnel whose callers have to show a key.</summary>
public sealed class ApiKeyTests
{
    private const string FromEnvironment = "env-key-0123456789";
    private const string FromFile = "file-key-0123456789";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OnlyCallersWithAKey_ReachTheServerAndTheKeyDoesNot()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "keys");
        await File.WriteAllTextAsync(file, FromFile + "\n\n", Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            environment: new Dictionary<string, string?>(StringComparer.Ordinal) { ["MCPR_API_KEY"] = FromEnvironment },
            extraArguments: ["--api-key-file", file]
        );

        var none = await CallAsync(relay, connector.Url, "X-Other: 1");
        var wrong = await CallAsync(relay, connector.Url, "X-API-Key: wrong-key-0123456789");
        var byHeader = await CallAsync(relay, connector.Url, $"X-API-Key: {FromFile}");
        var byBearer = await CallAsync(relay, connector.Url, $"Authorization: Bearer {FromEnvironment}");

        Assert.Equal(
            (401, "E7201", "Bearer realm=\"mcpr\""),
            (none.StatusCode, none.Header("mcpr-error"), none.Header("WWW-Authenticate"))
        );
        Assert.Equal(401, wrong.StatusCode);
        Assert.Equal((204, 204), (byHeader.StatusCode, byBearer.StatusCode));
        Assert.Equal(2, origin.Requests.Count);
        Assert.All(
            origin.Requests,
            request => Assert.DoesNotContain(request.HeaderLines, line => line.Contains("-key-", StringComparison.Ordinal))
        );
        Assert.Contains(
            "[E7201]",
            await connector.Process.Error.WaitForAsync(line => line.Contains("E7201", StringComparison.Ordinal), Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FileThatChanges_IsFollowedUnlessItWouldGuardNothing()
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "keys");
        await File.WriteAllTextAsync(file, FromFile, Cancellation);
        await using var connector = await ConnectorProcess.StartAsync(
            relay,
            origin.BaseAddress.GetLeftPart(UriPartial.Authority),
            Cancellation,
            extraArguments: ["--api-key-file", file]
        );

        await ReplaceAsync("another-" + FromFile, "keys read again");
        var before = await CallAsync(relay, connector.Url, $"X-API-Key: {FromFile}");
        var after = await CallAsync(relay, connector.Url, $"X-API-Key: another-{FromFile}");
        await ReplaceAsync("", "the keys stay as they were");
        var still = await CallAsync(relay, connector.Url, $"X-API-Key: another-{FromFile}");

        Assert.Equal((401, 204, 204), (before.StatusCode, after.StatusCode, still.StatusCode));

        async Task ReplaceAsync(string content, string said)
        {
            await File.WriteAllTextAsync(file + ".new", content, Cancellation);
            File.Move(file + ".new", file, overwrite: true);
            await connector.Process.Error.WaitForAsync(line => line.Contains(said, StringComparison.Ordinal), Cancellation);
        }
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("")]
    [InlineData("short\n")]
    public async Task FileThatGuardsNothing_IsRefused(string content)
    {
        await using var relay = await RelayProcess.StartAsync(Cancellation);
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "keys");
        await File.WriteAllTextAsync(file, content, Cancellation);
        await using var connector = ConnectorProcess.Launch(relay, "9", extraArguments: ["--api-key-file", file]);

        Assert.Equal(3, await connector.Process.WaitForExitAsync(Cancellation));
        Assert.Contains(connector.Process.Error.Lines, line => line.StartsWith("mcpr: hint:", StringComparison.Ordinal));
    }

    private static async Task<RawResponse> CallAsync(RelayProcess relay, Uri url, string header)
    {
        await using var caller = await RawHttpClient.ConnectAsync("127.0.0.1", relay.Port, Cancellation);
        await caller.SendAsync(
            Calls.Post(url, Calls.Echo("1", "x")).Replace("Accept:", header + "\r\nAccept:", StringComparison.Ordinal),
            Cancellation
        );
        var response = await caller.ReadResponseAsync(Cancellation, "POST");
        await response.ReadBodyAsync(Cancellation);
        return response;
    }
}
