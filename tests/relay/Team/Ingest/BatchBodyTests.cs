using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Team.Ingest;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Ingest;

public sealed class BatchBodyTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly Pipe _pipe = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SilentBody_IsGivenUp()
    {
        using var body = new BatchBody(_time);
        var receiving = body.ReceiveAsync(Request(_pipe), Cancellation);

        _time.Advance(BatchBody.Grace);

        Assert.Same(IngestProblem.TooSlow, (await Assert.ThrowsAsync<IngestRefusedException>(() => receiving)).Problem);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyThatDrips_IsGivenUpHoweverOftenSomethingComes()
    {
        using var body = new BatchBody(_time);
        var receiving = body.ReceiveAsync(Request(_pipe), Cancellation);
        for (var second = 0; second < 10 && !receiving.IsCompleted; second++)
        {
            await _pipe.Writer.WriteAsync(new byte[100], Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Same(IngestProblem.TooSlow, (await Assert.ThrowsAsync<IngestRefusedException>(() => receiving)).Problem);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyThatIsFastEnough_IsReceived()
    {
        // Whoever writes waits until it was read.
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var body = new BatchBody(_time);
        var receiving = body.ReceiveAsync(Request(pipe), Cancellation);
        for (var second = 0; second < 20; second++)
        {
            await pipe.Writer.WriteAsync(new byte[BatchBody.MinBytesPerSecond], Cancellation);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await pipe.Writer.CompleteAsync();
        await receiving;
        body.Decode("identity");

        Assert.Equal(20 * BatchBody.MinBytesPerSecond, body.Lines.Length);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyThatTakesTooLong_IsGivenUpHoweverFast()
    {
        using var body = new BatchBody(_time);
        var receiving = body.ReceiveAsync(Request(_pipe), Cancellation);
        await _pipe.Writer.WriteAsync(new byte[500_000], Cancellation);

        _time.Advance(BatchBody.Limit);

        Assert.Same(IngestProblem.TooSlow, (await Assert.ThrowsAsync<IngestRefusedException>(() => receiving)).Problem);
    }

    private static HttpRequest Request(Pipe pipe) => new DefaultHttpContext { Request = { Body = pipe.Reader.AsStream() } }.Request;
}
