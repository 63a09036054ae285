using Tunnel.Relay.Stopping;
using Xunit;

namespace Tunnel.Relay.Tests.Stopping;

public sealed class RunningExchangesTests
{
    private readonly RunningExchanges _exchanges = new();

    [Fact]
    public void NothingRunning_IsIdleAtOnce()
    {
        Assert.True(_exchanges.WhenIdleAsync().IsCompleted);
    }

    [Fact]
    public void LastExchange_EndsTheWait()
    {
        _exchanges.Enter();
        _exchanges.Enter();
        var idle = _exchanges.WhenIdleAsync();

        _exchanges.Leave();
        var afterFirst = idle.IsCompleted;
        _exchanges.Leave();

        Assert.False(afterFirst);
        Assert.True(idle.IsCompleted);
    }

    [Fact]
    public void ParallelExchanges_LeaveNothingRunning()
    {
        _exchanges.Enter();
        var idle = _exchanges.WhenIdleAsync();

        Parallel.For(
            0,
            10_000,
            _ =>
            {
                _exchanges.Enter();
                _exchanges.Leave();
            }
        );
        var before = idle.IsCompleted;
        _exchanges.Leave();

        Assert.False(before);
        Assert.True(idle.IsCompleted);
        Assert.Equal(0, _exchanges.Count);
    }
}
