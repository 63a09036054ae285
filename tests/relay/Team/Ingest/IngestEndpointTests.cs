using System.Net;
using System.Net.Sockets;
using System.Text;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.Relay.Team;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Ingest;

public sealed class IngestEndpointTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("identity")]
    public async Task Batch_IsKeptOnceHoweverOftenItComes(string encoding)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        var lines = Lines.Calls(3) + Lines.Dropped(Guid.CreateVersion7(), 7);

        using var first = await bed.IngestAsync(token, lines, Cancellation, encoding);
        using var second = await bed.IngestAsync(token, lines + Lines.Calls(1), Cancellation, encoding);

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal("""{"accepted":3,"known":0}""", await first.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("""{"accepted":1,"known":3}""", await second.Content.ReadAsStringAsync(Cancellation));
        var state = await (await HistoryAsync(bed)).StateAsync(Cancellation);
        Assert.Equal((4, 7), (state.Events, state.Lost));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Servers_AreToldApartByWhoSentThem()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Editor, Cancellation);
        var lines =
            Lines.Call(Guid.CreateVersion7())
            + Lines.Call(Guid.CreateVersion7(), server: "127.0.0.1:9000")
            + Lines.Call(Guid.CreateVersion7(), server: "files");

        using var one = await bed.IngestAsync(token, lines, Cancellation);
        using var other = await bed.IngestAsync(token, Lines.Call(Guid.CreateVersion7(), server: "files"), Cancellation, sender: "desk");

        var events = await EventsAsync(bed);
        var servers = events.Select(stored => stored.Event.Server!).Order(StringComparer.Ordinal);
        Assert.Equal(["desk/files", "shop", "shop", "shop/files"], servers, StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TimeToCome_IsNow()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var response = await bed.IngestAsync(token, Lines.Call(Guid.CreateVersion7(), ts: "2999-01-02T03:04:05.678Z"), Cancellation);

        Assert.True(Assert.Single(await EventsAsync(bed)).At <= TimeProvider.System.GetUtcNow());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BatchWithLinesThatAreNone_LeavesNothingAndSaysWhich()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var response = await bed.IngestAsync(
            token,
            Lines.Calls(2) + """{"secret":"hunter2"}""" + "\n" + Lines.Calls(1) + "[]",
            Cancellation
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Equal("""{"status":400,"detail":"line 3: it has no id","line":3,"lines":[3,5]}""", problem);
        Assert.DoesNotContain("hunter2", problem, StringComparison.Ordinal);
        Assert.Empty(await EventsAsync(bed));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenOfNobodyOrOfAViewer_SendsNothing()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);

        using var nobody = await bed.IngestAsync(MemberToken.New(), Lines.Calls(1), Cancellation);
        using var looking = await bed.IngestAsync(viewer, Lines.Calls(1), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, nobody.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, looking.StatusCode);
        Assert.Empty(await EventsAsync(bed));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RemovedMember_SendsNothingFromThenOn()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        using var before = await bed.IngestAsync(token, Lines.Calls(1), Cancellation);

        await bed.Teams.RemoveMemberAsync("acme", "alice", Cancellation);
        using var after = await bed.IngestAsync(token, Lines.Calls(1), Cancellation);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Unauthorized), (before.StatusCode, after.StatusCode));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Cookie_IsNoWayToSend()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var response = await bed.SendAsync(
            HttpMethod.Post,
            "/ingest/v1/events",
            Cancellation,
            new StringContent(Lines.Calls(1)),
            ("Cookie", "mcpr-team=" + token)
        );

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("gzip", 9 << 20)]
    [InlineData("br", 200 << 20)]
    [InlineData("identity", (1 << 20) + 1)]
    public async Task MoreThanABatchMayHave_IsRefused(string encoding, int length)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var response = await bed.IngestAsync(token, new string(' ', length), Cancellation, encoding);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ThousandLines_AreABatchAndOneMoreIsTooMany()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var most = await bed.IngestAsync(token, Lines.Calls(1_000), Cancellation);
        using var more = await bed.IngestAsync(token, Lines.Calls(1_001), Cancellation);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.RequestEntityTooLarge), (most.StatusCode, more.StatusCode));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public async Task SenderWithoutAName_IsTold(string sender)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);

        using var response = await bed.IngestAsync(token, Lines.Calls(1), Cancellation, sender: sender);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyWithBrokenChunks_IsTold()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, bed.Port, Cancellation);

        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST /ingest/v1/events HTTP/1.1\r\nHost: {bed.Host}\r\nAuthorization: Bearer {token}\r\nMcpr-Server: shop\r\n"
                        + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n"
                ),
                Cancellation
            );
        using var answer = new StreamReader(client.GetStream());

        Assert.Equal("HTTP/1.1 400 Bad Request", await answer.ReadLineAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyThatIsNotWhatItSays_IsTold()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        var content = new StringContent("not compressed", mediaType: new("application/x-ndjson"));
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await bed.SendAsync(
            HttpMethod.Post,
            "/ingest/v1/events",
            Cancellation,
            content,
            ("Authorization", "Bearer " + token),
            ("Mcpr-Server", "shop")
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TooManyEvents_AreToComeLater()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation, options => options.Team.EventRate = 1);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        var other = await bed.AddAsync("acme", TeamRole.Sender, Cancellation, "bob");

        using var first = await bed.IngestAsync(token, Lines.Calls(10), Cancellation);
        using var second = await bed.IngestAsync(token, Lines.Calls(10), Cancellation);
        using var ofOther = await bed.IngestAsync(other, Lines.Calls(10), Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Accepted, ofOther.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HistoryThatCannotBeWritten_IsToBeTriedLater()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var token = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        var folder = Path.Combine(bed.DataFolder, "projects");
        await File.WriteAllTextAsync(folder, "in the way", Cancellation);

        using var refused = await bed.IngestAsync(token, Lines.Calls(1), Cancellation);
        File.Delete(folder);
        using var taken = await bed.IngestAsync(token, Lines.Calls(1), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Accepted, taken.StatusCode);
    }

    private static async Task<IHistoryStore> HistoryAsync(TeamBed bed) =>
        await bed.Histories.OpenAsync((await bed.Teams.FindProjectAsync("acme", Cancellation))!, Cancellation);

    private static async Task<IReadOnlyList<StoredEvent>> EventsAsync(TeamBed bed)
    {
        var filter = new HistoryFilter { From = DateTimeOffset.UnixEpoch, To = DateTimeOffset.MaxValue };
        return (await (await HistoryAsync(bed)).EventsAsync(new EventQuery { Filter = filter }, Cancellation)).Events;
    }
}
