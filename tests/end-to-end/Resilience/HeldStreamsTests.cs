using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Resilience;

/// <summary>A tunnel full of idle event streams still answers short calls.</summary>
public sealed class HeldStreamsTests
{
    private const int Streams = 1000;
    private const int Calls = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task ThousandIdleStreams_NeitherBlockNorGetLost()
    {
        var held = new CountSignal();
        await using var origin = RawHttpOrigin.Start(
            async (request, connection) =>
            {
                if (request.Target != "/hold")
                {
                    await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    return;
                }

                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
                held.Increment();
                await connection.Closed;
                held.Decrement();
                connection.Close();
            }
        );
        await using var bed = await TunnelBed.StartAsync(origin.BaseAddress, Cancellation);
        var callers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(_ => HoldAsync(bed)));
        await held.WhenAsync(count => count == Streams, Cancellation);

        await using var shortCaller = await bed.ConnectRawAsync(Cancellation);
        for (var call = 0; call < Calls; call++)
        {
            await shortCaller.SendAsync($"GET / HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
            var response = await shortCaller.ReadResponseAsync(Cancellation);
            Assert.Equal(200, response.StatusCode);
            await response.ReadBodyAsync(Cancellation);
        }

        Assert.Equal(Streams, held.Value);
        foreach (var caller in callers)
        {
            await caller.DisposeAsync();
        }

        await held.WhenAsync(count => count == 0, Cancellation);
    }

    private static async Task<RawHttpClient> HoldAsync(TunnelBed bed)
    {
        var caller = await bed.ConnectRawAsync(Cancellation);
        await caller.SendAsync($"GET /hold HTTP/1.1\r\nHost: {bed.Host}\r\n\r\n", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation);
        Assert.Equal(200, response.StatusCode);
        return caller;
    }
}
