using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard;

public sealed class DashboardApiTests
{
    private const string Secret = "hunter2hunter2";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Call_IsSeenLive_AndInEveryList()
    {
        await using var bed = await DashboardBed.StartAsync();
        var next = await bed.FollowAsync();

        await bed.CallAsync("{}", ("User-Agent", "Claude-User/1.0"), ("Mcp-Session-Id", "s1"));
        var live = await next();

        var id = live.GetProperty("id").GetString();
        Assert.Equal("echo", live.GetProperty("tool").GetString());
        var requests = await bed.GetAsync("requests");
        Assert.Equal(id, Assert.Single(requests.GetProperty("requests").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(1, (await bed.GetAsync("overview")).GetProperty("now").GetProperty("calls").GetInt32());
        Assert.Equal("echo", (await bed.GetAsync("tools")).GetProperty("tools")[0].GetProperty("tool").GetString());
        var session = (await bed.GetAsync("sessions")).GetProperty("sessions")[0];
        Assert.Equal("s1", session.GetProperty("session").GetString());
        var timeline = await bed.GetAsync($"sessions/{session.GetProperty("session_id")}");
        Assert.Equal(id, timeline.GetProperty("requests")[0].GetProperty("id").GetString());
        Assert.Equal("echo", (await bed.GetAsync("filters")).GetProperty("tools")[0].GetString());
        var detail = await bed.GetAsync($"requests/{id}");
        Assert.Equal(
            ["read", "connector", "wait", "body"],
            detail.GetProperty("waterfall").EnumerateArray().Take(4).Select(stage => stage.GetProperty("stage").GetString()!),
            StringComparer.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HeadersAndBodies_AreShownWithoutSecrets_AndAreOnNoDisk()
    {
        await using var bed = await DashboardBed.StartAsync();
        var next = await bed.FollowAsync();

        await bed.CallAsync(
            $$"""{"api_key":"{{Secret}}","city":"Oslo"}""",
            ("Authorization", $"Bearer {Secret}"),
            ("Cookie", $"a={Secret}")
        );
        var id = (await next()).GetProperty("id").GetString();

        var captured = (await bed.GetAsync($"requests/{id}")).GetProperty("captured");
        var curl = await bed.Owner.GetStringAsync($"/api/v1/requests/{id}/curl", Cancelled);
        var har = await bed.Owner.GetStringAsync("/api/v1/har", Cancelled);
        Assert.Contains("Oslo", captured.GetProperty("body").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("Oslo", captured.GetProperty("response_body").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, captured.GetProperty("missing_headers").GetArrayLength());
        Assert.All([captured.GetRawText(), curl, har], text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
        Assert.All([curl, har], text => Assert.Contains("Oslo", text, StringComparison.Ordinal));
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(bed.HistoryFile)!))
        {
            await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var text = new StreamReader(open, System.Text.Encoding.Latin1);
            var content = await text.ReadToEndAsync(Cancelled);
            Assert.DoesNotContain(Secret, content, StringComparison.Ordinal);
            Assert.DoesNotContain("Oslo", content, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Replay_SendsTheSameAgain_OrWhatWasChanged()
    {
        await using var bed = await DashboardBed.StartAsync();
        var next = await bed.FollowAsync();
        await bed.CallAsync("""{"password":"p1","city":"Oslo"}""");
        var first = await next();
        var id = first.GetProperty("id").GetString();

        var same = await ReplayAsync(bed, id, new { });
        var again = await next();
        var changed = await ReplayAsync(
            bed,
            id,
            new { body = """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"city":"Rome"}}}""" }
        );

        Assert.Equal(200, same.GetProperty("status").GetInt32());
        Assert.Contains("Oslo", same.GetProperty("body").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(same.GetProperty("request_id").GetString(), again.GetProperty("request_id").GetString());
        // The server got the password again, which nobody is shown.
        Assert.Equal(first.GetProperty("bytes_in").GetInt64(), again.GetProperty("bytes_in").GetInt64());
        Assert.DoesNotContain("p1", same.GetProperty("body").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("Rome", changed.GetProperty("body").GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ToolsThatWereListed_AreUnusedUntilTheyAreCalled()
    {
        await using var bed = await DashboardBed.StartAsync();
        var next = await bed.FollowAsync();

        using var listed = await bed.Caller.PostAsJsonAsync(
            "/mcp",
            new
            {
                jsonrpc = "2.0",
                id = 1,
                method = "tools/list",
            },
            Cancelled
        );
        await next();
        await bed.CallAsync("{}");
        await next();

        var tools = (await bed.GetAsync("tools")).GetProperty("tools");
        Assert.Equal(
            [("echo", "ok"), ("unused", "unused")],
            tools.EnumerateArray().Select(tool => (tool.GetProperty("tool").GetString(), tool.GetProperty("health").GetString()))
        );
        Assert.Equal(2, (await bed.GetAsync("schemas")).GetProperty("tools").GetArrayLength());
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("requests?since=yesterday", 400)]
    [InlineData("requests?limit=0", 400)]
    [InlineData("requests?status=fine", 400)]
    [InlineData("requests?cursor=x", 400)]
    [InlineData("overview?since=1h&until=2h", 400)]
    [InlineData("requests/00000000-0000-0000-0000-000000000000", 404)]
    [InlineData("requests/x", 404)]
    [InlineData("sessions/5", 404)]
    public async Task QuestionsThatCannotBeAnswered_SayWhy(string path, int status)
    {
        await using var bed = await DashboardBed.StartAsync();

        using var response = await bed.Owner.GetAsync($"/api/v1/{path}", Cancelled);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal(status, problem.GetProperty("error").GetProperty("status").GetInt32());
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("since=0001-01-01&until=9999-12-31T23:59:59.9999999Z")]
    [InlineData("until=0001-01-01T00:00:00Z")]
    [InlineData("since=9999-12-31&until=0001-01-01", 400)]
    [InlineData("until=0001-01-01T00:00:00%2B14:00", 400)]
    public async Task TimesWithoutAnyHistory_AreAnswered_OrToldOf(string range, int status = 200)
    {
        await using var bed = await DashboardBed.StartAsync();

        foreach (var page in (string[])["filters", "overview", "tools", "requests", "errors", "slow", "clients", "csp", "sessions"])
        {
            using var response = await bed.Owner.GetAsync($"/api/v1/{page}?{range}", Cancelled);

            Assert.Equal((page, (HttpStatusCode)status), (page, response.StatusCode));
        }
    }

    private static async Task<JsonElement> ReplayAsync(DashboardBed bed, string? id, object question)
    {
        using var response = await bed.Owner.PostAsJsonAsync($"/api/v1/requests/{id}/replay", question, Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancelled);
    }
}
