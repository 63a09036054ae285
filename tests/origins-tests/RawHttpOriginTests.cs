using System.Text;
using Xunit;

namespace Tunnel.Tests.Origins.Tests;

public sealed class RawHttpOriginTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ChunkedRequest_IsRecordedByteForByte()
    {
        const string Head = "POST /a%2Fb/../c?x=%20&x HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nx-one:  2 \r\nTransfer-Encoding: chunked\r\n\r\n";
        const string Body = "5;note=a\r\nhello\r\n0001\r\n!\r\n0\r\nX-Sum: 6\r\n\r\n";
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync(Ok));
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);

        await client.SendAsync(Head + Body, Token);
        var request = await origin.NextRequestAsync(Token);
        var end = await request.BodyEnded.WaitAsync(Token);

        Assert.Equal(WireEnd.Complete, end);
        Assert.Equal(("POST", "/a%2Fb/../c?x=%20&x"), (request.Method, request.Target));
        Assert.Equal(["1", "2"], request.Headers("X-One"));
        Assert.Equal(["Host: h", "X-One: 1", "x-one:  2 ", "Transfer-Encoding: chunked"], request.HeaderLines);
        Assert.Equal(Head, Encoding.Latin1.GetString(request.HeadBytes.Span));
        Assert.Equal(Body, Encoding.Latin1.GetString(request.BodyWireBytes.Span));
        Assert.Equal("hello!", Encoding.Latin1.GetString(request.Body.Span));
        Assert.Equal(["X-Sum: 6"], request.TrailerLines);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyPart_ReachesTheHandlerBeforeTheUploadEnds()
    {
        var part = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
                part.SetResult(Encoding.Latin1.GetString((await request.ReadBodyChunkAsync()).Span));
                await request.ReadBodyAsync();
                await connection.SendAsync(Ok);
            }
        );
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);

        await client.SendAsync("PUT / HTTP/1.1\r\nContent-Length: 8\r\nExpect: 100-continue\r\n\r\n", Token);
        var interim = await client.ReadInterimAsync(Token);
        await client.SendAsync("half", Token);
        var seen = await part.Task.WaitAsync(Token);
        await client.SendAsync("rest", Token);
        var response = await client.ReadResponseAsync(Token);

        Assert.Equal("HTTP/1.1 100 Continue", interim.StartLine);
        Assert.Equal("half", seen);
        Assert.Equal(200, response.StatusCode);
        Assert.Same(interim, Assert.Single(response.Interim));
        Assert.Equal("halfrest", Encoding.Latin1.GetString(origin.Requests[0].Body.Span));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyLeftUnread_DoesNotDisturbTheNextRequest()
    {
        await using var origin = RawHttpOrigin.Start((request, connection) => connection.SendAsync(Ok + request.Target[1..]));
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);
        var large = new string('x', 300_000);

        await client.SendAsync($"POST / HTTP/1.1\r\nContent-Length: {large.Length}\r\n\r\n{large}GET / HTTP/1.1\r\n\r\n", Token);
        await (await client.ReadResponseAsync(Token)).ReadBodyAsync(Token);
        var second = await client.ReadResponseAsync(Token);

        Assert.Equal("ok"u8.ToArray(), await second.ReadBodyAsync(Token));
        Assert.Equal(["POST", "GET"], origin.Requests.Select(request => request.Method), StringComparer.Ordinal);
        Assert.Equal(large.Length, origin.Requests[0].Body.Length);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(false, ConnectionEnd.Closed)]
    [InlineData(true, ConnectionEnd.Reset)]
    public async Task CallerLeavesWhileNothingFlows_HandlerSeesHow(bool reset, ConnectionEnd expected)
    {
        var left = new TaskCompletionSource<ConnectionEnd>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var origin = RawHttpOrigin.Start(async (_, connection) => left.SetResult(await connection.Closed));
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);

        await client.SendAsync("GET / HTTP/1.1\r\n\r\n", Token);
        await origin.NextRequestAsync(Token);
        if (reset)
        {
            client.Abort();
        }
        else
        {
            client.ShutdownSend();
        }

        Assert.Equal(expected, await left.Task.WaitAsync(Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HandlerThatNeverEnds_DoesNotKeepTheOriginFromStopping()
    {
        var origin = RawHttpOrigin.Start((_, _) => new TaskCompletionSource().Task);
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);
        await client.SendAsync("GET / HTTP/1.1\r\n\r\n", Token);
        await origin.NextRequestAsync(Token);

        await origin.DisposeAsync().AsTask().WaitAsync(Token);

        Assert.Equal(ConnectionEnd.Reset, await client.Closed.WaitAsync(Token));
    }
}
