using System.Net;
using System.Text.Json;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.Team;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Access;

/// <summary>Who gets to see what at the host of the dashboard.</summary>
public sealed class DashboardTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Member_SeesTheServersOfItsProjectAndOfNoOther()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);
        await SendAsync(bed, "acme", "shop");
        await SendAsync(bed, "acme", "desk");
        await SendAsync(bed, "zoo", "cages");

        using var response = await bed.GetAsync("/api/v1/filters?since=3650d", viewer, Cancellation);

        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(
            ["desk", "shop"],
            answer.GetProperty("servers").EnumerateArray().Select(one => one.GetString()),
            StringComparer.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Status_SaysWhoLooksAndThatThereIsNoStudio()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);

        using var response = await bed.GetAsync("/api/v1/status", viewer, Cancellation);

        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("""{"project":"acme","member":"alice","role":"viewer"}""", answer.GetProperty("team").GetRawText());
        Assert.Equal("acme", answer.GetProperty("history").GetProperty("file").GetString());
        Assert.False(answer.GetProperty("captured").GetProperty("is_on").GetBoolean());
        using var studio = await bed.GetAsync("/api/v1/studio/mcp", viewer, Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, studio.StatusCode);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/api/v1/status")]
    [InlineData("/API/v1/overview")]
    [InlineData("/api/v1/stream")]
    [InlineData("/api/v1/nothing")]
    public async Task QuestionWithoutAToken_IsToldWhereToSignIn(string path)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);

        using var response = await bed.SendAsync(HttpMethod.Get, path, Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("/login", Assert.Single(response.Headers.GetValues("mcpr-login")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Sender_SeesNothing()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var sender = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var response = await bed.GetAsync("/api/v1/overview", sender, Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RemovedMember_SeesNothingFromThenOn()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);
        using var before = await bed.GetAsync("/api/v1/status", viewer, Cancellation);

        await bed.Teams.RemoveMemberAsync("acme", "alice", Cancellation);
        using var after = await bed.GetAsync("/api/v1/status", viewer, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Origin", "http://evil.localhost")]
    [InlineData("Origin", "null")]
    public async Task PageOfATunnel_GetsNothingWithTheCookieOfAMember(string header, string value)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);

        using var own = await bed.SendAsync(
            HttpMethod.Get,
            "/api/v1/status",
            Cancellation,
            content: null,
            ("Cookie", "mcpr-team=" + viewer)
        );
        using var others = await bed.SendAsync(
            HttpMethod.Get,
            "/api/v1/status",
            Cancellation,
            content: null,
            ("Cookie", "mcpr-team=" + viewer),
            (header, value)
        );

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (own.StatusCode, others.StatusCode));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("viewer", true, true)]
    [InlineData("editor", false, true)]
    [InlineData("editor", true, false)]
    public async Task ChangeThatIsNoEditorsOwn_IsRefused(string role, bool hasHeader, bool isFromHere)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRoles.Parse(role)!.Value, Cancellation);

        using var response = await bed.SendAsync(
            HttpMethod.Post,
            "/api/v1/anything",
            Cancellation,
            new StringContent("{}"),
            [
                ("Cookie", "mcpr-team=" + token),
                .. hasHeader ? [("mcpr-dashboard", "1")] : Array.Empty<(string, string)>(),
                .. isFromHere ? [("Origin", bed.Origin)] : Array.Empty<(string, string)>(),
            ]
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Page_MayLoadItsOwnFilesOnlyAndBeInNoFrame()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);

        using var page = await bed.SendAsync(HttpMethod.Get, "/requests", Cancellation);

        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("frame-src 'none'; frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayWithoutTeams_HasNoSuchHost()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation, options => options.Team.IsOn = false);

        using var page = await bed.SendAsync(HttpMethod.Get, "/", Cancellation);
        using var ingest = await bed.SendAsync(HttpMethod.Post, "/ingest/v1/events", Cancellation);

        Assert.All([page, ingest], response => Assert.Equal("E2001", Assert.Single(response.Headers.GetValues("mcpr-error"))));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DeepestDefinitionOfATool_IsShown()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var editor = await bed.AddAsync("acme", TeamRole.Editor, Cancellation);
        // As deep as JSON is read.
        var json = string.Concat(Enumerable.Repeat("""{"a":""", 63)) + "{}" + new string('}', 63);
        var line = JsonSerializer.Serialize(
            new
            {
                id = Guid.CreateVersion7(),
                ts = Lines.Time,
                type = "tool_schemas",
                server = "shop",
                complete = true,
                tools = new[]
                {
                    new
                    {
                        name = "search",
                        hash = ToolDefinition.HashOf(json),
                        json,
                    },
                },
            }
        );
        using var sent = await bed.IngestAsync(editor, line, Cancellation);

        using var response = await bed.GetAsync("/api/v1/schemas?since=3650d", editor, Cancellation);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK), (sent.StatusCode, response.StatusCode));
        using var answer = JsonDocument.Parse(
            await response.Content.ReadAsStringAsync(Cancellation),
            new JsonDocumentOptions { MaxDepth = 100 }
        );
        Assert.Equal(1, answer.RootElement.GetProperty("tools").GetArrayLength());
    }

    private static async Task SendAsync(TeamBed bed, string project, string sender)
    {
        var token = await bed.AddAsync(project, TeamRole.Sender, Cancellation, sender);
        using var response = await bed.IngestAsync(token, Lines.Calls(2), Cancellation, sender: sender);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }
}
