using System.Diagnostics;
using Tunnel.ProxyCore.Bridge;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

/// <summary>Sessions beside each other: what they cost, what they leave, and what a program that misbehaves does to those of others.</summary>
public sealed class ManySessionsTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"x"}""";
    private const string Answer = """{"jsonrpc":"2.0","id":1,"result":{}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HundredSessionsEndOrAreDropped_NoProcessIsLeft()
    {
        var time = new ManualTimeProvider();
        await using var bed = new BridgeBed(configure: options => options with { MaxSessions = 100 }, time: time);
        List<string> sessions = [];
        for (var batch = 0; batch < 10; batch++)
        {
            sessions.AddRange(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bed.InitializeAsync())));
        }

        var processes = bed.Processes.Select(Process.GetProcessById).ToList();
        foreach (var session in sessions.Take(50))
        {
            (await bed.SendAsync(HttpMethod.Delete, session: session)).Dispose();
        }

        // Nobody says anything of the others any more.
        time.Advance(new StdioServerOptions { Command = [] }.IdleLimit + TimeSpan.FromSeconds(2));

        Assert.Equal(100, processes.Count);
        foreach (var process in processes)
        {
            await process.WaitForExitAsync(Cancellation);
            process.Dispose();
        }

        Assert.DoesNotContain(bed.Processes, BridgeBed.IsAlive);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("dies", "*bad*) kill -KILL $$ ;;")]
    [InlineData("hangs", "*bad*) while :; do sleep 1000; done ;;")]
    [InlineData("stops", "*bad*) kill -STOP $$ ;;")]
    [InlineData("floods with noise", "*bad*) yes 'noise noise noise noise' ;;")]
    [InlineData("floods with messages", """*bad*) yes '{"jsonrpc":"2.0","method":"notifications/message","params":{}}' ;;""")]
    [InlineData("floods without an end of line", "*bad*) tr '\\0' x < /dev/zero ;;")]
    public async Task OneProgramMisbehaves_OtherSessionsAreUnharmed(string how, string misbehaviour)
    {
        await using var bed = new BridgeBed(misbehaviour, options => options with { MaxMessage = 1 << 20 });
        var bad = await bed.InitializeAsync();
        var good = await bed.InitializeAsync();

        using var hanging = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"bad"}""", bad);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bed.PostAsync(Call, good)));
        var newcomer = await bed.PostAsync(Call, await bed.InitializeAsync());

        Assert.All([.. answers, newcomer], messages => Assert.True(Assert.Single(messages) == Answer, how));
    }
}
