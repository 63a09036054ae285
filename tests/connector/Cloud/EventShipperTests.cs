using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Tunnel.Connector.Cloud;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

public sealed class EventShipperTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _said = new();
    private IngestServer _relay = null!;

    public async ValueTask InitializeAsync() => _relay = await IngestServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _relay.DisposeAsync();
        _folder.Dispose();
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Events_AreSentWithTokenAndName_AndLeaveNothing()
    {
        var shipper = await RunAsync(0, 2_500);

        Assert.Equal((2_500, 0, 0), (shipper.Sent, shipper.Dropped, shipper.Retries));
        AssertTools(2_500);
        Assert.Equal(0, _relay.Repeated);
        Assert.Equal("Bearer mcpt_secret", _relay.LastHeaders.Authorization);
        Assert.Equal("my-proxy", _relay.LastHeaders[IngestProtocol.ServerHeader]);
        Assert.Equal("gzip", _relay.LastHeaders.ContentEncoding);
        Assert.Equal(IngestProtocol.ContentType, _relay.LastHeaders.ContentType);
        Assert.All(_relay.Sizes, size => Assert.InRange(size, 1, IngestProtocol.MaxLines));
        Assert.Empty(Directory.GetFiles(_folder.PathOf("cloud")));
        Assert.Empty(_said);
    }

    public static TheoryData<int, string?, string> AnswersThatTakeNothing =>
        new()
        {
            { 500, null, "" },
            { 502, "text/html", "<html>" },
            { 429, null, "" },
            { 503, null, "" },
            { 401, null, "" },
            { 403, null, "" },
            { 404, null, "" },
            { 301, null, "" },
            { 200, "text/html", "<html>log in to the network</html>" },
            { 204, null, "" },
            { 202, null, "" },
            { 202, "application/json", "{}" },
            { 202, "application/json; charset=klingon", "[1" },
            { 400, "text/html", "<html>nginx</html>" },
        };

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [MemberData(nameof(AnswersThatTakeNothing))]
    public async Task AnswerThatTakesNothing_LeavesAllToTheNextRun(int status, string? contentType, string body)
    {
        _relay.Always = IngestServer.Answer(status, contentType, body);
        var shipper = await RunAsync(0, 3);
        _relay.Always = null;

        var next = await RunAsync(3, 4);

        AssertTools(4);
        Assert.Equal((0, 0), (shipper.Sent, shipper.Dropped));
        Assert.Equal((4, 0), (next.Sent, next.Dropped));
        Assert.Contains("events wait on this machine", Assert.Single(_said), StringComparison.Ordinal);
        Assert.DoesNotContain(_said, line => line.Contains("mcpt_", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatIsBusy_IsAskedAgain()
    {
        _relay.Next(429, headers: ("Retry-After", "1"));
        await using var shipper = NewShipper();
        Write(shipper, 0, 1);
        await _relay.AnsweredAsync(TestContext.Current.CancellationToken);
        await _relay.AnsweredAsync(TestContext.Current.CancellationToken);
        await shipper.DisposeAsync();

        AssertTools(1);
        Assert.Equal((1, 0, 1), (shipper.Sent, shipper.Dropped, shipper.Retries));
        Assert.Equal("cloud: events are sent again", _said.Last());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BatchThatIsTooLarge_IsHalvedUntilItIsNot()
    {
        _relay.Next(413);
        _relay.Next(413);

        var shipper = await RunAsync(0, 100);

        AssertTools(100);
        Assert.Equal((100, 0), (shipper.Sent, shipper.Dropped));
        Assert.Equal(3, _relay.Sizes.Count);
        Assert.Equal(0, _relay.Repeated);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BatchThatCameTooSlowly_IsHalvedAndNeverDropped()
    {
        _relay.Next(408, "application/problem+json", """{"status":408,"detail":"slow"}""", ("Retry-After", "1"));
        _relay.Next(408, "application/problem+json", """{"status":408,"detail":"slow"}""", ("Retry-After", "1"));
        await using var shipper = NewHurriedShipper();
        Write(shipper, 0, 2);

        await KeptAsync(2);
        await shipper.DisposeAsync();

        AssertTools(2);
        Assert.Equal((0, 2), (shipper.Dropped, shipper.Retries));
        Assert.All(_relay.Sizes, size => Assert.Equal(1, size));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OneEventThatIsTooLarge_IsDroppedAndTold()
    {
        _relay.Next(413);

        var shipper = await RunAsync(0, 1);
        await RunAsync(1, 2);

        Assert.Equal((0, 1), (shipper.Sent, shipper.Dropped));
        AssertTold(1);
        Assert.Equal(["tool-1"], _relay.Tools, StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BatchThatTheRelayCannotRead_IsDroppedAndTold()
    {
        _relay.Next(400, "application/problem+json", """{"title":"line 3"}""");

        var shipper = await RunAsync(0, 10);
        await RunAsync(10, 11);

        Assert.Equal(["tool-10"], _relay.Tools, StringComparer.Ordinal);
        Assert.Equal((0, 10), (shipper.Sent, shipper.Dropped));
        AssertTold(10);
        Assert.Contains("10 events were dropped: the relay cannot read them", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LinesThatTheRelayCannotRead_AreDroppedAlone()
    {
        _relay.Next(400, "application/problem+json", """{"status":400,"detail":"line 3: no","line":3,"lines":[3,7]}""");
        _relay.Next(400, "application/problem+json", """{"status":400,"detail":"line 1: no","line":1}""");

        var shipper = await RunAsync(0, 10);

        Assert.Equal((7, 3), (shipper.Sent, shipper.Dropped));
        Assert.Equal(
            ["tool-1", "tool-3", "tool-4", "tool-5", "tool-7", "tool-8", "tool-9"],
            _relay.Tools.Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
        Assert.StartsWith("cloud: 2 events were dropped: the relay cannot read them", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("""{"lines":[11]}""")]
    [InlineData("""{"lines":[0,-1]}""")]
    [InlineData("""{"lines":[]}""")]
    [InlineData("""{"lines":["3"]}""")]
    public async Task LinesThatAreNotThere_AreAllOfThem(string problem)
    {
        _relay.Next(400, "application/problem+json", $$"""{"status":400,"detail":"no",{{problem[1..]}}""");

        var shipper = await RunAsync(0, 10);

        Assert.Equal((0, 10), (shipper.Sent, shipper.Dropped));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatNamesOneLineAtATime_IsNotAskedForEver()
    {
        _relay.Always = IngestServer.Answer(400, "application/problem+json", """{"status":400,"detail":"no","line":1}""");

        var shipper = await RunAsync(0, 100);

        Assert.Equal((0, 100), (shipper.Sent, shipper.Dropped));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EventThatTheRelayFailsAt_IsDroppedAlone()
    {
        _relay.Always = FailAt("tool-7");
        await using var shipper = NewHurriedShipper();
        Write(shipper, 0, 10);
        await KeptAsync(9);
        // Something else has to be taken between two failures: else it may be the relay.
        var next = 10;
        for (; shipper.Dropped == 0; next++)
        {
            Write(shipper, next, next + 1);
            await KeptAsync(next);
        }

        await shipper.DisposeAsync();

        Assert.Equal((next - 1, 1), (shipper.Sent, shipper.Dropped));
        Assert.DoesNotContain("tool-7", _relay.Tools, StringComparer.Ordinal);
        Assert.Contains(_said, line => line.Contains("(500), and its log says why; it takes others", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatFailsAtEverything_CostsNothing()
    {
        _relay.Always = IngestServer.Answer(500, "application/problem+json", """{"status":500,"detail":"no"}""");
        await using var shipper = NewHurriedShipper();
        Write(shipper, 0, 10);
        // Some hours: the longest pause is five minutes.
        for (var failure = 0; failure < 60; failure++)
        {
            await _relay.AnsweredAsync(TestContext.Current.CancellationToken);
        }

        _relay.Always = null;
        await KeptAsync(10);
        await shipper.DisposeAsync();

        AssertTools(10);
        Assert.Equal(0, shipper.Dropped);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SomethingUnforeseenAtOnePoint_EndsNothing()
    {
        await using var shipper = NewShipper();
        shipper.Record(null!);
        Write(shipper, 0, 3);
        await shipper.DisposeAsync();

        AssertTools(3);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnswerThatIsLost_CostsNothingAndDoublesNothing()
    {
        _relay.Next(async context =>
        {
            await _relay.KeepAsync(context, isAnswered: false);
            context.Abort();
        });

        await RunAsync(0, 20);
        await RunAsync(20, 21);

        AssertTools(21);
        Assert.Equal(20, _relay.Repeated);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RelayThatDoesNotAnswer_DoesNotHoldUpTheEnd()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _relay.Next(async context =>
        {
            var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var onAbort = context.RequestAborted.Register(left.SetResult);
            asked.SetResult();
            await left.Task;
        });
        var time = new ManualTimeProvider();
        var shipper = NewShipper(time: time);
        Write(shipper, 0, 1);
        var ending = shipper.DisposeAsync().AsTask();
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        // The limit begins some time after the relay was asked.
        while (!ending.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            await Task.Yield();
        }

        await ending;
        Assert.Equal((0, 0), (shipper.Sent, shipper.Dropped));
        Assert.Single(Directory.GetFiles(_folder.PathOf("cloud"), "*.spill"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TooManyEventsAtOnce_AreDroppedCountedAndTold()
    {
        // Time stands still, so that what gathers goes on gathering; both tasks wait for it.
        var time = new ManualTimeProvider();
        var shipper = NewShipper(time: time);
        while (time.PendingTimers < 2)
        {
            await Task.Yield();
        }

        Write(shipper, 0, EventShipper.MaxWaiting + 500);
        await shipper.DisposeAsync();

        Assert.Equal(500, shipper.Dropped);
        AssertTold(500);
        AssertTools(EventShipper.MaxWaiting);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Tools_AreSentOnce()
    {
        var answer = new ToolListAnswer(
            "files",
            DateTimeOffset.UnixEpoch,
            "{}"u8.ToArray(),
            """{"result":{"tools":[{"name":"search"}]}}"""u8.ToArray(),
            "application/json",
            ContentEncoding: null
        );
        var shipper = NewShipper();
        shipper.Record(answer);
        shipper.Record(answer);
        Write(shipper, 0, 1);
        await shipper.DisposeAsync();

        var listing = Assert.Single(_relay.Kept, line => line.Tools is not null).Tools!;
        Assert.Equal(("files", true, "search"), (listing.Server, listing.IsComplete, listing.Tools.Single().Name));
        AssertTools(1);
    }

    /// <summary>A relay that has a fault, and takes what has nothing to do with it.</summary>
    private Func<HttpContext, Task> FailAt(string tool) =>
        async context =>
        {
            context.Request.EnableBuffering();
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            context.Request.Body.Position = 0;
            await (
                CloudEvents.ToolsOf(body.ToArray()).Contains(tool, StringComparer.Ordinal)
                    ? IngestServer.Answer(500, "application/problem+json", """{"status":500,"detail":"no"}""")(context)
                    : _relay.KeepAsync(context)
            );
        };

    /// <summary>Ends when the relay has so many events.</summary>
    private async Task KeptAsync(int count)
    {
        while (_relay.Tools.Count() < count)
        {
            await _relay.AnsweredAsync(TestContext.Current.CancellationToken);
        }
    }

    private EventShipper NewHurriedShipper() =>
        new(CloudBed.Settings(_relay.Url, _folder.PathOf("cloud")), _said.Enqueue, HurriedTime.Random, new HurriedTime());

    private static void Write(EventShipper shipper, int from, int to)
    {
        for (var number = from; number < to; number++)
        {
            shipper.Write(Guid.CreateVersion7(), CloudEvents.Call(number));
        }
    }

    /// <summary>A run that has some events and ends at once: it tries to send them, and waits for nothing.</summary>
    private async Task<EventShipper> RunAsync(int from, int to)
    {
        var shipper = NewShipper();
        Write(shipper, from, to);
        await shipper.DisposeAsync();
        return shipper;
    }

    private void AssertTold(long lost) => Assert.Equal(lost, _relay.Kept.Sum(line => line.Dropped?.Count ?? 0));

    private void AssertTools(int count) =>
        Assert.Equal(
            Enumerable.Range(0, count).Select(number => $"tool-{number}").Order(StringComparer.Ordinal),
            _relay.Tools.Order(StringComparer.Ordinal)
        );

    private EventShipper NewShipper(TimeProvider? time = null) =>
        new(CloudBed.Settings(_relay.Url, _folder.PathOf("cloud")), _said.Enqueue, () => 0.5, time ?? TimeProvider.System);
}
