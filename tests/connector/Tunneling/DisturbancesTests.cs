using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

/// <summary>A changed network is of the end-to-end tests; here it is the clock alone.</summary>
public sealed class DisturbancesTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TimeThatPassesAsItShould_IsNoDisturbance()
    {
        await using var disturbances = Disturbances.Watch(_time);
        var next = disturbances.Next;

        for (var second = 0; second < 60; second++)
        {
            await PassAsync(s_second);
        }

        Assert.False(next.IsCompleted);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(5)]
    [InlineData(8 * 3600)]
    public async Task TimerThatComesFarTooLate_IsADisturbance(int seconds)
    {
        await using var disturbances = Disturbances.Watch(_time);
        var next = disturbances.Next;

        await PassAsync(TimeSpan.FromSeconds(seconds));

        await next.WaitAsync(Token);
        Assert.False(disturbances.Next.IsCompleted);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EveryDisturbance_IsAskedAboutUntilThereIsNoAnswer()
    {
        await using var disturbances = Disturbances.Watch(_time);
        using var asked = new SemaphoreSlim(0);
        var answers = new Queue<bool>([true, true, false]);
        var waiting = disturbances.WaitForSilenceAsync(AnswerAsync, new TaskCompletionSource().Task, Token);

        foreach (var _ in answers.ToArray())
        {
            Assert.False(waiting.IsCompleted);
            await PassAsync(TimeSpan.FromHours(1));
            await asked.WaitAsync(Token);
        }

        Assert.True(await waiting);

        Task<bool> AnswerAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        {
            Assert.Equal((TunnelProtocol.PingTimeout, _time), (limit, time));
            asked.Release();
            return Task.FromResult(answers.Dequeue());
        }
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task DisturbanceWhileSomebodyIsAsked_GivesAnotherChance()
    {
        await using var disturbances = Disturbances.Watch(_time);
        using var asked = new SemaphoreSlim(0);
        TaskCompletionSource<bool> second = new();
        var answers = new Queue<Task<bool>>([new TaskCompletionSource<bool>().Task, second.Task]);
        var waiting = disturbances.WaitForSilenceAsync(
            (_, _, _) =>
            {
                asked.Release();
                return answers.Dequeue();
            },
            new TaskCompletionSource().Task,
            Token
        );

        await PassAsync(TimeSpan.FromHours(1));
        await asked.WaitAsync(Token);
        await PassAsync(TimeSpan.FromHours(1));
        await asked.WaitAsync(Token);
        Assert.False(waiting.IsCompleted);
        second.SetResult(false);

        Assert.True(await waiting);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ConnectionThatEnds_IsNotSilent()
    {
        await using var disturbances = Disturbances.Watch(_time);
        var ended = new TaskCompletionSource();
        var waiting = disturbances.WaitForSilenceAsync(
            (_, _, _) => throw new InvalidOperationException("nobody is there"),
            ended.Task,
            Token
        );

        ended.SetResult();

        Assert.False(await waiting);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AskingThatIsCalledOff_IsNoSilence()
    {
        await using var disturbances = Disturbances.Watch(_time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var asked = new TaskCompletionSource();
        var waiting = disturbances.WaitForSilenceAsync(
            async (_, _, cancellationToken) =>
            {
                asked.SetResult();
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                return false;
            },
            new TaskCompletionSource().Task,
            over.Token
        );
        await PassAsync(TimeSpan.FromHours(1));
        await asked.Task.WaitAsync(Token);

        await over.CancelAsync();

        Assert.False(await waiting);
    }

    /// <summary>Lets time pass, and waits until the clock is being watched again.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        while (_time.PendingTimers == 0)
        {
            await Task.Yield();
        }
    }
}
