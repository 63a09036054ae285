using System.Diagnostics;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>Streams stream, cancellation travels, and what breaks looks broken.</summary>
public abstract class StreamingTests(RawBed bed)
{
    /// <summary>What the product promises for telling the server that its caller left.</summary>
    private static readonly TimeSpan s_cancellationPromise = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EventStream_HeadersArriveBeforeTheFirstEvent()
    {
        var release = NewSignal();
        bed.Origin = async (_, connection) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            await release.Task;
            await connection.SendAsync("0\r\n\r\n");
        };

        await using var caller = await AskAsync();
        var response = await caller.ReadResponseAsync(Cancellation);
        release.SetResult();

        Assert.Equal("text/event-stream", response.Header("Content-Type"));
        await response.ReadBodyAsync(Cancellation);
        Assert.Equal(WireEnd.Complete, response.Ended);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Events_ArriveOneByOneWithTheirBytes()
    {
        string[] events =
        [
            ": comment\n\n",
            "id: 1\nretry: 500\ndata:\n\n",
            "event: message\r\nid: a/b\r\ndata: {\"n\":1.0}\r\ndata: more\r\n\r\n",
            "data: \u00e9\n\n",
        ];
        var wanted = new SemaphoreSlim(0);
        bed.Origin = async (_, connection) =>
        {
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            foreach (var text in events)
            {
                await wanted.WaitAsync();
                await connection.SendAsync(FormattableString.Invariant($"{text.Length:x}\r\n{text}\r\n"));
            }

            await connection.SendAsync("0\r\n\r\n");
        };

        await using var caller = await AskAsync();
        var response = await caller.ReadResponseAsync(Cancellation);
        foreach (var text in events)
        {
            wanted.Release();
            Assert.Equal(text, await ReadTextAsync(response, text.Length));
        }

        await response.ReadBodyAsync(Cancellation);
        Assert.Equal(WireEnd.Complete, response.Ended);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallerLeaves_TheServerIsToldWithinASecond(bool afterHeaders)
    {
        var asked = NewSignal();
        var closed = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Origin = async (_, connection) =>
        {
            if (afterHeaders)
            {
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
            }

            asked.TrySetResult();
            await connection.Closed;
            closed.TrySetResult(Stopwatch.GetTimestamp());
        };
        var caller = await AskAsync();
        if (afterHeaders)
        {
            await caller.ReadResponseAsync(Cancellation);
        }

        await asked.Task.WaitAsync(Cancellation);
        var left = Stopwatch.GetTimestamp();
        await caller.DisposeAsync();

        var took = Stopwatch.GetElapsedTime(left, await closed.Task.WaitAsync(Cancellation));
        Assert.InRange(took, TimeSpan.Zero, s_cancellationPromise);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallerLeavesDuringUpload_TheServerIsTold()
    {
        var closed = NewSignal();
        var started = NewSignal();
        bed.Origin = async (request, connection) =>
        {
            await request.ReadBodyChunkAsync();
            started.TrySetResult();
            await connection.Closed;
            closed.TrySetResult();
        };
        var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"POST / HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\nContent-Length: 100\r\n\r\nsome", Cancellation);
        await started.Task.WaitAsync(Cancellation);

        await caller.DisposeAsync();

        await closed.Task.WaitAsync(Cancellation);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Content-Length: 1000", "some")]
    [InlineData("Transfer-Encoding: chunked", "4\r\nsome\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Type: text/event-stream", "8\r\ndata: x\n\r\n")]
    public async Task ServerBreaksOffInTheMiddle_TheCallerSeesABrokenResponse(string framing, string start)
    {
        var begun = NewSignal();
        bed.Origin = async (_, connection) =>
        {
            await connection.SendAsync($"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n{start}");
            await begun.Task;
            connection.Abort();
        };

        await using var caller = await AskAsync();
        var response = await caller.ReadResponseAsync(Cancellation);
        await response.ReadBodyChunkAsync(Cancellation);
        begun.SetResult();

        Assert.NotEqual(WireEnd.Complete, await EndOfAsync(response));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MoreThanTwoGigabytes_GoThroughAndBack()
    {
        const long total = (2L << 30) + 12_345;
        var piece = new byte[1 << 20];
        new Random(3).NextBytes(piece);
        bed.Origin = async (_, connection) =>
        {
            await connection.SendAsync(FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Length: {total}\r\n\r\n"));
            for (var sent = 0L; sent < total; sent += piece.Length)
            {
                await connection.SendAsync(piece.AsMemory(0, (int)Math.Min(piece.Length, total - sent)));
            }
        };

        using var response = await bed.Tunnel.Http.GetAsync(bed.Tunnel.Url, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[1 << 20];
        var received = 0L;
        var same = true;
        for (int read; (read = await body.ReadAsync(buffer, Cancellation)) > 0; received += read)
        {
            for (var index = 0; index < read; )
            {
                var at = (int)((received + index) % piece.Length);
                var length = Math.Min(read - index, piece.Length - at);
                same &= buffer.AsSpan(index, length).SequenceEqual(piece.AsSpan(at, length));
                index += length;
            }
        }

        Assert.Equal(total, received);
        Assert.True(same, "bytes changed on the way");
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static async Task<string> ReadTextAsync(RawResponse response, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
        {
            var piece = await response.ReadBodyChunkAsync(Cancellation);
            Assert.False(piece.IsEmpty, "the stream ended too early");
            text.Append(Encoding.Latin1.GetString(piece.Span));
        }

        return text.ToString();
    }

    private static async Task<WireEnd?> EndOfAsync(RawResponse response)
    {
        while (!(await response.ReadBodyChunkAsync(Cancellation)).IsEmpty) { }

        return response.Ended;
    }

    private async Task<RawHttpClient> AskAsync()
    {
        var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /stream HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\n\r\n", Cancellation);
        return caller;
    }
}

public sealed class StreamingThroughATunnelTests(RawBed bed) : StreamingTests(bed), IClassFixture<RawBed>;

[Trait("needs", "redis")]
public sealed class StreamingThroughAnotherNodeTests(ClusteredRawBed bed) : StreamingTests(bed), IClassFixture<ClusteredRawBed>;
