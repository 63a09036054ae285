using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Team;

/// <summary>Events on their way to a team's relay, when either side is killed: none is lost, and none is there twice.</summary>
public sealed class SendingEventsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task RelayThatIsKilled_HasEveryEventOnce()
    {
        await using var bed = await SendingBed.StartAsync();
        await using var connector = bed.StartConnector();
        var calls = 0;
        for (var kill = 0; kill < 3; kill++)
        {
            var before = calls;
            calls += await CallWhileAsync(connector, () => bed.WhenCountedAsync(before + 100));
            calls += await CallWhileAsync(
                connector,
                async () =>
                {
                    await bed.Relay.Process.KillAsync();
                    await SendingBed.CallAsync(connector, 1);
                    await bed.Relay.RestartAsync(Cancellation);
                }
            );
            // What the second of both has called.
            calls++;
        }

        connector.Terminate();

        Assert.Equal(0, await connector.WaitForExitAsync(Cancellation));
        Assert.Equal(calls, await bed.CountCallsAsync() + bed.CountWaiting());
        Assert.Equal(0, bed.CountWaiting());
        Assert.False(bed.HasKeptParameters());
    }

    [Fact(Timeout = TestLimits.LongMilliseconds)]
    public async Task ConnectorThatIsKilled_HasItsFilesSentByTheNext()
    {
        await using var bed = await SendingBed.StartAsync();
        await using var killed = bed.StartConnector();
        await SendingBed.CallAsync(killed, 50);
        await bed.WhenCountedAsync(50);
        // What the relay has and the connector does not know of would be sent once more, and counted here as if it had to come.
        await bed.WhenNothingWaitsAsync();
        await bed.Relay.Process.KillAsync();
        await SendingBed.CallAsync(killed, 200);
        await killed.Error.WaitForAsync(line => line.Contains("events wait on this machine", StringComparison.Ordinal), Cancellation);
        await killed.KillAsync();
        var waiting = bed.CountWaiting();
        await bed.Relay.RestartAsync(Cancellation);

        await using var next = bed.StartConnector();
        await SendingBed.CallAsync(next, 1);
        await bed.WhenCountedAsync(50 + waiting);
        next.Terminate();

        Assert.InRange(waiting, 1, 200);
        Assert.Equal(0, await next.WaitForExitAsync(Cancellation));
        Assert.Equal(51 + waiting, await bed.CountCallsAsync());
        Assert.Equal(0, bed.CountWaiting());
    }

    /// <returns>How many calls there were meanwhile.</returns>
    private static async Task<int> CallWhileAsync(ChildProcess connector, Func<Task> other)
    {
        var running = other();
        var calls = 0;
        do
        {
            await SendingBed.CallAsync(connector, 10);
            calls += 10;
        } while (!running.IsCompleted);

        await running;
        return calls;
    }
}
