using Xunit;

namespace Tunnel.Tests.Origins.Tests;

public sealed class SseOriginTests
{
    private const int ManyStreams = 2000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TwoThousandStreams_AreHeldAndEachGetsItsOwnEvents()
    {
        await using var origin = SseOrigin.Start();
        using var http = new HttpClient();
        var readers = Enumerable.Range(0, ManyStreams).Select(ReadFirstEventAsync).ToArray();

        await origin.OpenStreams.WhenAsync(count => count == ManyStreams, Token);
        for (var number = 0; number < ManyStreams; number++)
        {
            var stream = await origin.NextStreamAsync(Token);
            await stream.SendAsync($"data: {stream.Request.Target}\n\n", Token);
        }

        var lines = await Task.WhenAll(readers);
        await origin.OpenStreams.WhenAsync(count => count == 0, Token);

        Assert.Equal(Enumerable.Range(0, ManyStreams).Select(number => $"data: /{number}"), lines, StringComparer.Ordinal);

        async Task<string?> ReadFirstEventAsync(int number)
        {
            await using var body = await http.GetStreamAsync(new Uri(origin.BaseAddress, $"{number}"), Token);
            using var reader = new StreamReader(body);
            return await reader.ReadLineAsync(Token);
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AbortedStream_FailsTheCallerAndIsNoLongerOpen()
    {
        await using var origin = SseOrigin.Start("Mcp-Session-Id: s1");
        await using var client = await RawHttpClient.ConnectAsync(origin.BaseAddress, Token);
        await client.SendAsync("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", Token);
        var stream = await origin.NextStreamAsync(Token);

        stream.Abort();
        var response = await client.ReadResponseAsync(Token);
        await response.ReadBodyAsync(Token);
        await origin.OpenStreams.WhenAsync(count => count == 0, Token);

        Assert.Equal(WireEnd.Reset, response.Ended);
        Assert.Equal("s1", response.Header("mcp-session-id"));
        Assert.Equal("{}"u8.ToArray(), stream.Request.Body.ToArray());
    }
}
