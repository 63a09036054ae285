using System.Text;
using Xunit;

namespace Tunnel.Tests.Origins.Tests;

public sealed class RawHttpClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Content-Length: 4\r\n\r\nwhole", false, WireEnd.Complete, "whol")]
    [InlineData("Content-Length: 9\r\n\r\npart", false, WireEnd.Truncated, "part")]
    [InlineData("Content-Length: 9\r\n\r\npart", true, WireEnd.Reset, "part")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n", false, WireEnd.Truncated, "part")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\n\r\n", true, WireEnd.Complete, "part")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n0\r\n", false, WireEnd.Truncated, "part")]
    [InlineData("X: to the end\r\n\r\npart", false, WireEnd.Complete, "part")]
    [InlineData("X: to the end\r\n\r\npart", true, WireEnd.Reset, "part")]
    public async Task Response_SaysHowItEnded(string headersAndBody, bool reset, WireEnd expectedEnd, string expectedBody)
    {
        await using var origin = RawHttpOrigin.Start(
            async (_, connection) =>
            {
                await connection.SendAsync("HTTP/1.1 200 OK\r\n" + headersAndBody);
                if (reset)
                {
                    connection.Abort();
                }
                else
                {
                    connection.Close();
                }
            }
        );
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);
        await client.SendAsync("GET / HTTP/1.1\r\n\r\n", Token);

        var response = await client.ReadResponseAsync(Token);
        var body = await response.ReadBodyAsync(Token);

        Assert.Equal((expectedEnd, expectedBody), (response.Ended, Encoding.Latin1.GetString(body)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BodyPart_CanBeReadBeforeTheResponseEnds()
    {
        await using var origin = SseOrigin.Start();
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);
        await client.SendAsync("GET /events HTTP/1.1\r\n\r\n", Token);
        var stream = await origin.NextStreamAsync(Token);
        var response = await client.ReadResponseAsync(Token);

        await stream.SendAsync("data: grüße\n\n", Token);
        var first = await response.ReadBodyChunkAsync(Token);
        var endedAfterFirst = response.Ended;
        await stream.CompleteAsync(Token);
        var rest = await response.ReadBodyAsync(Token);

        Assert.Equal("data: grüße\n\n", Encoding.UTF8.GetString(first.Span));
        Assert.Null(endedAfterFirst);
        Assert.Empty(rest);
        Assert.Equal(WireEnd.Complete, response.Ended);
    }
}
