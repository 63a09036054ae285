using System.Threading.Channels;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests;

public sealed class RoundsTests
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _time = new();
    private readonly List<Exception> _failures = [];

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RoundThatFails_IsToldOf_AndTheNextComesAfterThePause()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var begun = Channel.CreateUnbounded<int>();
        var count = 0;

        var repeating = Repeat(
            _ =>
            {
                begun.Writer.TryWrite(++count);
                throw new TimeoutException($"round {count}");
            },
            stopping.Token
        );
        var first = await begun.Reader.ReadAsync(stopping.Token);
        while (_time.PendingTimers == 0)
        {
            await Task.Yield();
        }

        _time.Advance(s_pause);
        var second = await begun.Reader.ReadAsync(stopping.Token);

        await stopping.CancelAsync();
        await repeating;
        Assert.Equal((1, 2), (first, second));
        Assert.Equal(["round 1", "round 2"], _failures.Select(failure => failure.Message), StringComparer.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StopInTheMiddleOfARound_IsNoFailure()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var repeating = Repeat(cancellationToken => Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken), stopping.Token);

        await stopping.CancelAsync();

        await repeating;
        Assert.Empty(_failures);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RoundThatGivesItselfUp_IsAFailureLikeOthers()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var repeating = Repeat(_ => throw new OperationCanceledException(), stopping.Token);

        await stopping.CancelAsync();
        await repeating;
        Assert.IsType<OperationCanceledException>(Assert.Single(_failures));
    }

    private Task Repeat(Func<CancellationToken, Task> round, CancellationToken stopping) =>
        Rounds.RepeatAsync(round, s_pause, _failures.Add, _time, stopping);
}
