using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Tunnel.ProxyCore.Transport;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Transport;

public sealed class WebSocketConnectionTests
{
    private static readonly IPEndPoint s_endPoint = new(IPAddress.Loopback, 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task BytesOfAnySizes_ArriveInOrderBothWays(int seed)
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var near = new WebSocketConnection(pair.Client, s_endPoint);
        await using var far = new WebSocketConnection(pair.Server, s_endPoint);
        var there = RandomBytes(seed, 2_000_000);
        var back = RandomBytes(seed + 100, 1_000_000);

        var writing = Task.WhenAll(WriteAsync(near.Output, there, seed), WriteAsync(far.Output, back, seed + 1));
        var received = await Task.WhenAll(ReadAsync(far.Input, there.Length), ReadAsync(near.Input, back.Length));
        await writing;

        Assert.True(there.AsSpan().SequenceEqual(received[0]));
        Assert.True(back.AsSpan().SequenceEqual(received[1]));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PeerAborts_EndsInputAndSignalsClosed()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint);
        var closed = Signalled(connection.ConnectionClosed);

        pair.Server.Abort();

        Assert.True((await connection.Input.ReadAsync(Token)).IsCompleted);
        await closed.WaitAsync(Token);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PeerCloses_EndsInputAfterItsBytes()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint);
        var closed = Signalled(connection.ConnectionClosed);

        await pair.Server.SendAsync("last"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Token);
        await pair.Server.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, Token);

        Assert.Equal("last"u8.ToArray(), await ReadAsync(connection.Input, 4));
        Assert.True((await connection.Input.ReadAsync(Token)).IsCompleted);
        await closed.WaitAsync(Token);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectionThatIsOpen_IsNotSignalledClosed()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint);

        await pair.Server.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Binary, endOfMessage: true, Token);
        await pair.Server.SendAsync("x"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, Token);

        Assert.Equal("x"u8.ToArray(), await ReadAsync(connection.Input, 1));
        Assert.False(connection.ConnectionClosed.IsCancellationRequested);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Dispose_SendsTheRestAndACloseFrame()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        var connection = new WebSocketConnection(pair.Client, s_endPoint);
        var written = connection.Output.WriteAsync("rest"u8.ToArray(), Token);

        await connection.DisposeAsync();

        await written;
        var buffer = new byte[16];
        var rest = await pair.Server.ReceiveAsync(buffer, Token);
        var close = await pair.Server.ReceiveAsync(buffer, Token);
        Assert.Equal("rest"u8.ToArray(), buffer[..rest.Count]);
        Assert.Equal(WebSocketMessageType.Close, close.MessageType);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, pair.Server.CloseStatus);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DisposeWithAPeerThatDoesNotRead_Ends()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        var connection = new WebSocketConnection(pair.Client, s_endPoint);
        var writing = connection.Output.WriteAsync(new byte[32 << 20], Token);
        Assert.False(writing.IsCompleted);

        await connection.DisposeAsync().AsTask().WaitAsync(Token);

        await writing;
        Assert.Equal(WebSocketState.Aborted, pair.Client.State);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DisposeWhileThePeerFloods_Ends()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        var connection = new WebSocketConnection(pair.Client, s_endPoint);
        var flooding = pair.Server.SendAsync(
            new ArraySegment<byte>(new byte[32 << 20]),
            WebSocketMessageType.Binary,
            endOfMessage: true,
            Token
        );
        await connection.Input.ReadAsync(Token);

        await connection.DisposeAsync().AsTask().WaitAsync(Token);

        await Assert.ThrowsAnyAsync<Exception>(() => flooding);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Abort_EndsInputAndSignalsClosed()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint);
        var closed = Signalled(connection.ConnectionClosed);

        connection.Abort();

        Assert.True((await connection.Input.ReadAsync(Token)).IsCompleted);
        await closed.WaitAsync(Token);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PingOfAnIdleConnection_GoesOutAtOnceAndAnyByteIsItsAnswer()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint, isHttp2Server: true);
        await using var peer = new WebSocketConnection(pair.Server, s_endPoint);
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        await connection.Output.WriteAsync(settings, Token);

        var answers = connection.AnswersAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Token);
        byte[] pinged = [0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        byte[] expected = [.. settings, .. pinged];
        Assert.Equal(expected, await ReadAsync(peer.Input, expected.Length));
        Assert.False(answers.IsCompleted);
        await peer.Output.WriteAsync(new byte[1], Token);

        Assert.True(await answers);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PingInTheMiddleOfAFrame_WaitsForItsEnd()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint, isHttp2Server: true);
        await using var peer = new WebSocketConnection(pair.Server, s_endPoint);
        byte[] data = [0, 0, 2, 0, 0, 0, 0, 0, 1, 7, 8];
        await connection.Output.WriteAsync(data.AsMemory(0, 10), Token);
        await ReadAsync(peer.Input, 10);

        var answers = connection.AnswersAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Token);
        await connection.Output.WriteAsync(data.AsMemory(10), Token);
        var rest = await ReadAsync(peer.Input, 1 + 17);
        await peer.Output.WriteAsync(new byte[1], Token);

        Assert.Equal((8, 6), (rest[0], rest[4]));
        Assert.True(await answers);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PeerThatIsSilent_DoesNotAnswer()
    {
        using var pair = await WebSocketPair.ConnectAsync(Token);
        await using var connection = new WebSocketConnection(pair.Client, s_endPoint, isHttp2Server: true);
        var time = new ManualTimeProvider();

        var answers = connection.AnswersAsync(TimeSpan.FromSeconds(5), time, Token);
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(answers.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await answers);
    }

    private static byte[] RandomBytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task WriteAsync(PipeWriter writer, byte[] bytes, int seed)
    {
        var random = new Random(seed);
        for (var sent = 0; sent < bytes.Length; )
        {
            var length = Math.Min(random.Next(1, 1 << random.Next(1, 18)), bytes.Length - sent);
            await writer.WriteAsync(bytes.AsMemory(sent, length), Token);
            sent += length;
        }
    }

    private static async Task<byte[]> ReadAsync(PipeReader reader, int length)
    {
        var bytes = new byte[length];
        await reader.AsStream(leaveOpen: true).ReadExactlyAsync(bytes, Token);
        return bytes;
    }

    private static Task Signalled(CancellationToken signal)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        signal.Register(() => signalled.TrySetResult());
        return signalled.Task;
    }
}
