using System.Net.WebSockets;
using Tunnel.ProxyCore.Transport;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Transport;

public sealed class WebSocketByteStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BytesOfAnySizes_ArriveInOrderBothWays()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var near = new WebSocketByteStream(pair.Client);
        await using var far = new WebSocketByteStream(pair.Server);
        var there = RandomBytes(1, 1_000_000);
        var back = RandomBytes(2, 1_000_000);

        var writing = Task.WhenAll(WriteAsync(near, there, 3), WriteAsync(far, back, 4));
        var received = await Task.WhenAll(ReadAsync(far, there.Length, 5), ReadAsync(near, back.Length, 6));
        await writing;

        Assert.True(there.AsSpan().SequenceEqual(received[0]));
        Assert.True(back.AsSpan().SequenceEqual(received[1]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ReadIntoNoBytes_WaitsAndTakesNothing()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var stream = new WebSocketByteStream(pair.Client);
        var waiting = stream.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        Assert.False(waiting.IsCompleted);

        await pair.Server.SendAsync("abc"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Token);

        Assert.Equal(0, await waiting);
        var bytes = new byte[3];
        await stream.ReadExactlyAsync(bytes, Token);
        Assert.Equal("abc"u8.ToArray(), bytes);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MessageOfNoBytes_IsNotTheEnd()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var stream = new WebSocketByteStream(pair.Client);
        await pair.Server.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Binary, endOfMessage: true, Token);
        await pair.Server.SendAsync("x"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Token);

        Assert.Equal(1, await stream.ReadAsync(new byte[8], Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CloseFrame_IsTheEnd()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var stream = new WebSocketByteStream(pair.Client);

        await pair.Server.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, Token);

        Assert.Equal(0, await stream.ReadAsync(new byte[8], Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PeerAborts_FailsTheRead()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var stream = new WebSocketByteStream(pair.Client);

        pair.Server.Abort();

        await Assert.ThrowsAsync<WebSocketException>(() => stream.ReadAsync(new byte[8], Token).AsTask());
        Assert.False(stream.Disposed.IsCompleted);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DisposeWithAPeerThatDoesNotRead_EndsAtOnceAndTells()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        var stream = new WebSocketByteStream(pair.Client);
        var writing = stream.WriteAsync(new byte[32 << 20], Token).AsTask();
        Assert.False(writing.IsCompleted);
        Assert.False(stream.Disposed.IsCompleted);

        await stream.DisposeAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => writing);
        Assert.True(stream.Disposed.IsCompletedSuccessfully);
        Assert.Equal(WebSocketState.Aborted, pair.Client.State);
    }

    private static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task WriteAsync(Stream stream, byte[] bytes, int seed)
    {
        var random = new Random(seed);
        for (var sent = 0; sent < bytes.Length; )
        {
            var length = Math.Min(random.Next(1, 1 << random.Next(1, 18)), bytes.Length - sent);
            await stream.WriteAsync(bytes.AsMemory(sent, length), Token);
            sent += length;
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, int length, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[length];
        for (var got = 0; got < length; )
        {
            var wanted = Math.Min(random.Next(1, 1 << random.Next(1, 18)), length - got);
            got += await stream.ReadAsync(bytes.AsMemory(got, wanted), Token);
        }

        return bytes;
    }
}
