using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

public sealed class EventStreamTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _services.Dispose();

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReaderThatIsFarBehind_MakesTheSenderWaitUntilItReads()
    {
        var stream = NewStreams().Open();
        await using var body = stream.Read();

        var sending = stream.SendAsync(new byte[2 << 20]).AsTask();
        Assert.False(sending.IsCompleted);
        await body.ReadExactlyAsync(new byte[1 << 20], Cancellation);

        await sending;
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReaderThatDoesNotReadAtAll_LosesItsStreamAndNotItsEvents()
    {
        var stream = NewStreams().Open();
        await using var stalled = stream.Read();

        var sending = stream.SendAsync(new byte[2 << 20]).AsTask();
        _time.Advance(EventStream.StallLimit);
        await sending;
        stream.End();
        await using var again = stream.Read();
        using var rest = new MemoryStream();
        await again.CopyToAsync(rest, Cancellation);

        Assert.Equal(0, await stalled.ReadAsync(new byte[16], Cancellation));
        Assert.True(rest.Length > 2 << 20);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MoreEventsThanAreKept_TheOldestOfThoseThatNobodyReadsGo()
    {
        var streams = NewStreams(maxEvents: 2);
        var stream = streams.Open();
        foreach (var number in Enumerable.Range(0, 5))
        {
            await stream.SendAsync(Encoding.ASCII.GetBytes($"{number}"));
        }

        stream.End();
        await using var body = stream.Read();
        using var reader = new StreamReader(body, Encoding.ASCII);

        Assert.Equal("id: 1-3\nevent: message\ndata: 3\n\nid: 1-4\nevent: message\ndata: 4\n\n", await reader.ReadToEndAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SecondReader_TakesThePlaceOfTheFirst()
    {
        var stream = NewStreams().Own;
        await using var first = stream.Read();
        await using var second = stream.Read();

        await stream.SendAsync("{}"u8.ToArray());

        Assert.Equal(0, await first.ReadAsync(new byte[16], Cancellation));
        Assert.NotEqual(0, await second.ReadAsync(new byte[16], Cancellation));
    }

    private ResumableStreams NewStreams(int maxEvents = 100) =>
        new(maxEvents, new BridgeMetrics(_services.GetRequiredService<IMeterFactory>()), _time);
}
