using System.IO.Pipelines;
using System.Text;
using Tunnel.ProxyCore.Streams;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Streams;

public sealed class KeepAliveStreamTests : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(15);

    private readonly Pipe _server = new();
    private readonly ManualTimeProvider _time = new();
    private readonly KeepAliveStream _stream;

    public KeepAliveStreamTests()
    {
        _stream = new KeepAliveStream(_server.Reader.AsStream(), s_interval, _time);
    }

    private static CancellationToken Stopping => TestContext.Current.CancellationToken;

    public void Dispose() => _stream.Dispose();

    [Fact]
    public async Task SilenceBeforeTheFirstEvent_GetsAComment()
    {
        var reading = NextAsync();

        _time.Advance(s_interval);

        Assert.Equal(": keep-alive\n\n", await reading);
    }

    [Theory]
    [InlineData("data: 1\n\n")]
    [InlineData("data: 1\r\n\r\n")]
    [InlineData("data: 1\r\r")]
    [InlineData(": hello\n\n")]
    public async Task SilenceBetweenEvents_GetsACommentEveryInterval(string events)
    {
        await SendAsync(events);
        Assert.Equal(events, await NextAsync());

        for (var i = 0; i < 3; i++)
        {
            var reading = NextAsync();
            _time.Advance(s_interval);
            Assert.Equal(": keep-alive\n\n", await reading);
        }

        await SendAsync("data: 2\n\n");
        Assert.Equal("data: 2\n\n", await NextAsync());
    }

    [Theory]
    [InlineData("data: 1")]
    [InlineData("data: 1\n")]
    [InlineData("data: 1\r\n")]
    [InlineData("data: 1\r\n\r")]
    public async Task SilenceInsideAnEvent_GetsNone(string piece)
    {
        await SendAsync(piece);
        Assert.Equal(piece, await NextAsync());
        var reading = NextAsync();

        _time.Advance(s_interval);
        await SendAsync("2");

        Assert.Equal("2", await reading);
    }

    [Fact]
    public async Task EventBeforeTheInterval_StartsItAnew()
    {
        var first = NextAsync();
        _time.Advance(s_interval - TimeSpan.FromSeconds(1));
        await SendAsync("data: 1\n\n");
        Assert.Equal("data: 1\n\n", await first);
        var second = NextAsync();

        _time.Advance(s_interval - TimeSpan.FromSeconds(1));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(": keep-alive\n\n", await second);
    }

    [Fact]
    public async Task EndOfTheStream_EndsIt()
    {
        var reading = NextAsync();

        await _server.Writer.CompleteAsync();

        Assert.Equal(string.Empty, await reading);
    }

    private async Task SendAsync(string text) => await _server.Writer.WriteAsync(Encoding.UTF8.GetBytes(text), Stopping);

    /// <summary>Reads as the forwarder does: first nothing, then what is there.</summary>
    private async Task<string> NextAsync()
    {
        Assert.Equal(0, await _stream.ReadAsync(Memory<byte>.Empty, Stopping));
        var buffer = new byte[256];
        var read = await _stream.ReadAsync(buffer, Stopping);
        return Encoding.UTF8.GetString(buffer, 0, read);
    }
}
