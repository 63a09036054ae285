using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Proxy;

/// <summary>The lines of docs/events.md as people type them: mcpr, a pipe, jq.</summary>
[Trait("needs", "jq")]
public sealed class EventFilterTests
{
    private const string ToolCall = "1";
    private const string Failing = "2";
    private const string Searching = "3";
    private const string Slow = "4";
    private const string Listing = "5";

    /// <summary>A filter, and the ids of the calls that it lets through.</summary>
    public static TheoryData<string, string[]> Filters =>
        new()
        {
            { "select(.type == \"tool_call\")", [ToolCall, Failing, Searching, Slow] },
            { "select(.status == \"error\")", [Failing] },
            { "select(.tool == \"search_products\")", [Searching] },
            { "select(.type == \"csp_violation\")", [] },
            { "select(.type == \"tool_list\")", [Listing] },
        };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [MemberData(nameof(Filters))]
    public async Task Filter_LetsThroughWhatItSays(string filter, string[] expected)
    {
        var lines = await RunAsync(filter);

        // An event is written after its answer, so the next call's may come first.
        Assert.Equal(expected, lines.Select(SessionOf).Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task FilterForSlowCalls_LetsThroughOnlyThose()
    {
        var lines = await RunAsync("select(.type == \"tool_call\" and .latency_ms > 500)");

        Assert.Contains(Slow, lines.Select(SessionOf), StringComparer.Ordinal);
        Assert.All(
            lines,
            line =>
            {
                using var json = JsonDocument.Parse(line);
                Assert.True(json.RootElement.GetProperty("latency_ms").GetInt64() > 500, line);
            }
        );
    }

    /// <summary>Makes the calls one after the other.</summary>
    /// <returns>What came out of jq.</returns>
    private static async Task<IReadOnlyList<string>> RunAsync(string filter)
    {
        await using var origin = RawHttpOrigin.Start(AnswerAsync);
        using var folder = new TemporaryFolder();
        // People write 2>/dev/null; here what goes there tells the port. Without --unbuffered lines would come only at the end.
        var command =
            $"exec 3>&2; (echo pid $BASHPID >&3; exec '{Programs.Connector}' --mcp {origin.Port} --port 0 --events 2>&3) | jq -c --unbuffered '{filter}'";
        await using var shell = ChildProcess.Start(
            "bash",
            ["-c", command],
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = folder.Path, ["XDG_STATE_HOME"] = folder.Path },
            folder.Path
        );
        var started = await shell.Error.WaitForAsync(line => line.StartsWith("pid ", StringComparison.Ordinal), Cancellation);
        using var mcpr = Process.GetProcessById(int.Parse(started[4..], CultureInfo.InvariantCulture));
        var listening = await shell.Error.WaitForAsync(line => line.Contains("listening on", StringComparison.Ordinal), Cancellation);
        var url = new Uri(listening.Split("listening on ")[1].Split(',')[0]);

        foreach (
            var (id, method, tool) in new[]
            {
                (ToolCall, "tools/call", "get_weather"),
                (Failing, "tools/call", "get_weather"),
                (Searching, "tools/call", "search_products"),
                (Slow, "tools/call", "get_weather"),
                (Listing, "tools/list", string.Empty),
            }
        )
        {
            await CallAsync(url, $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"{{{method}}}","params":{"name":"{{{tool}}}"}}""", id);
        }

        await shell.Error.WaitForAsync(line => line.Contains("tools/list", StringComparison.Ordinal), Cancellation);
        // Writes what is left, ends the pipe, and with it jq and the shell.
        ChildProcess.Terminate(mcpr.Id);
        await shell.WaitForExitAsync(Cancellation);

        return shell.Output.Lines;
    }

    private static string SessionOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("session").GetString()!;
    }

    private static async Task AnswerAsync(RawRequest request, RawConnection connection)
    {
        await request.ReadBodyAsync();
        var id = request.Header("Mcp-Session-Id");
        if (id == Slow)
        {
            // What is slow is the point here; time is the only thing that makes it so.
            await Task.Delay(TimeSpan.FromMilliseconds(600), TimeProvider.System);
        }

        var outcome = id == Failing ? "\"error\":{\"code\":-32602,\"message\":\"no\"}" : "\"result\":{}";
        var json = $$"""{"jsonrpc":"2.0","id":{{id}},{{outcome}}}""";
        await connection.SendAsync(
            FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n{json}")
        );
    }

    private static async Task CallAsync(Uri url, string json, string session)
    {
        await using var caller = await RawHttpClient.ConnectAsync(url, Cancellation);
        await caller.SendAsync(
            Calls.Post(url, json).Replace("Accept:", $"Mcp-Session-Id: {session}\r\nAccept:", StringComparison.Ordinal),
            Cancellation
        );
        await (await caller.ReadResponseAsync(Cancellation, "POST")).ReadBodyAsync(Cancellation);
    }
}
