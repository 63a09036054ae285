using System.Diagnostics;
using System.Net;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

public sealed class SupervisionTests
{
    private const string Dies = "*die*) kill -KILL $$ ;;";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerDies_RequestsUnderWayFailAtOnce()
    {
        await using var bed = new BridgeBed(Dies + "\n*hang*) ;;");
        var session = await bed.InitializeAsync();

        using var hanging = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":7,"method":"hang"}""", session);
        await bed.PostAsync("""{"jsonrpc":"2.0","id":8,"method":"die"}""", session);
        var messages = await BridgeBed.MessagesAsync(hanging);

        Assert.StartsWith("""{"jsonrpc":"2.0","id":7,"error":{"code":5103,""", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerDied_NextRequestStartsItAgainWithTheSameInitialize()
    {
        await using var bed = new BridgeBed(Dies);
        var session = await bed.InitializeAsync();
        var first = bed.LastInitialize;

        await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"die"}""", session);
        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"tools/list"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":2,"result":{"tools":[]}}""", Assert.Single(messages));
        Assert.Equal(first, bed.LastInitialize);
        Assert.Equal(2, bed.Processes.Length);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(SessionMode.Independent)]
    [InlineData(SessionMode.Shared)]
    public async Task ServerDied_NextOneIsToldOfLogLevelAndSubscriptions(SessionMode mode)
    {
        const string told = """
            *setLevel*|*subscribe*) printf '%s ' "$line" | sed 's/"id":[0-9]*,//' >> "$PIDS.told"; answer '{}' ;;
            *told*) answer "[$(tr '\n' ' ' < "$PIDS.told" | sed 's/} *{/},{/g')]"; : > "$PIDS.told" ;;
            """;
        await using var bed = new BridgeBed(Dies + told, options => options with { Mode = mode });
        var session = await bed.InitializeAsync();
        foreach (
            var request in (string[])
                [
                    """{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"info"}}""",
                    """{"jsonrpc":"2.0","id":2,"method":"logging/setLevel","params":{"level":"error"}}""",
                    """{"jsonrpc":"2.0","id":3,"method":"resources/subscribe","params":{"uri":"a:1"}}""",
                    """{"jsonrpc":"2.0","id":4,"method":"resources/subscribe","params":{"uri":"a:2"}}""",
                    """{"jsonrpc":"2.0","id":5,"method":"resources/unsubscribe","params":{"uri":"a:1"}}""",
                    """{"jsonrpc":"2.0","id":6,"method":"told"}""",
                ]
        )
        {
            await bed.PostAsync(request, session);
        }

        await bed.PostAsync("""{"jsonrpc":"2.0","id":7,"method":"die"}""", session);
        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":8,"method":"told"}""", session);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":8,"result":[{"jsonrpc":"2.0","method":"logging/setLevel","params":{"level":"error"}},{"jsonrpc":"2.0","method":"resources/subscribe","params":{"uri":"a:2"}} ]}""",
            Assert.Single(messages)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerEndsWithoutALastEndOfLine_ItsLastMessageCounts()
    {
        await using var bed = new BridgeBed("""*last*) printf '{"jsonrpc":"2.0","id":%s,"result":"bye"}' "$id"; exit ;;""");
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"last"}""", session);
        var next = await bed.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"x"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"bye"}""", Assert.Single(messages));
        Assert.Equal("""{"jsonrpc":"2.0","id":2,"result":{}}""", Assert.Single(next));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OneServerDies_OtherSessionsDoNotNotice()
    {
        await using var bed = new BridgeBed(Dies);
        var (one, other) = (await bed.InitializeAsync(), await bed.InitializeAsync());
        var before = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pid"}}""", other);

        await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"die"}""", one);

        Assert.Equal(before, await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"pid"}}""", other));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ProgramThatDoesNotExist_Is502WithTheCallersId()
    {
        await using var bed = new BridgeBed(configure: options => options with { Command = ["no-such-program-at-all"] });

        using var response = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":"a","method":"initialize","params":{}}""");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains(
            "\"id\":\"a\",\"error\":{\"code\":4102",
            await response.Content.ReadAsStringAsync(Cancellation),
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SessionEnds_ProcessAndWhatItStartedEnd()
    {
        await using var bed = new BridgeBed("""*child*) sleep 1000 & answer "$!" ;;""");
        var session = await bed.InitializeAsync();
        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"child"}""", session);
        var child = int.Parse(messages[0].Split("\"result\":")[1].TrimEnd('}'));
        using var process = Process.GetProcessById(child);

        using var deleted = await bed.SendAsync(HttpMethod.Delete, session: session);
        using var again = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"x"}""", session);
        await process.WaitForExitAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ServerThatIgnoresItsInputsEndAndSigterm_IsKilled()
    {
        int[] processes;
        await using (var bed = new BridgeBed("""*stubborn*) trap '' TERM; answer 1; while :; do sleep 1000; done ;;"""))
        {
            var session = await bed.InitializeAsync();
            await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"stubborn"}""", session);
            processes = bed.Processes;
        }

        Assert.DoesNotContain(processes, BridgeBed.IsAlive);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TooManySessions_TheIdlestEnds()
    {
        await using var bed = new BridgeBed(configure: options => options with { MaxSessions = 2 });
        var oldest = await bed.InitializeAsync();
        var used = await bed.InitializeAsync();

        var newest = await bed.InitializeAsync();

        using var gone = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"x"}""", oldest);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Single(await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""", used));
        Assert.Single(await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"x"}""", newest));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RequestThatIsNeverAnswered_TimesOutAndIsCancelled()
    {
        var time = new ManualTimeProvider();
        await using var bed = new BridgeBed(
            """
            *hang*) hanging=$id ;;
            *notifications/cancelled*) case $line in *"\"requestId\":$hanging}"*) cancelled=true ;; esac ;;
            *cancelled*) answer "\"$cancelled\"" ;;
            """,
            options => options with { IdleLimit = TimeSpan.Zero },
            time
        );
        var session = await bed.InitializeAsync();

        var sending = bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"hang"}""", session);
        while (!sending.IsCompleted)
        {
            time.Advance(PromptTarget.Patience);
            await Task.Yield();
        }

        using var hanging = await sending;
        time.Advance(TimeSpan.FromSeconds(301));
        var messages = await BridgeBed.MessagesAsync(hanging);
        var cancelled = await bed.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"cancelled"}""", session);

        Assert.StartsWith("""{"jsonrpc":"2.0","id":1,"error":{"code":5101,""", Assert.Single(messages), StringComparison.Ordinal);
        Assert.Equal("""{"jsonrpc":"2.0","id":2,"result":"true"}""", Assert.Single(cancelled));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Variables_AreThoseThatProgramsNeedAndThoseThatWereNamed()
    {
        Environment.SetEnvironmentVariable("BRIDGE_TEST_SECRET", "1");
        Environment.SetEnvironmentVariable("BRIDGE_TEST_NAMED", "2");
        await using var bed = new BridgeBed(
            """*env*) answer "\"${BRIDGE_TEST_SECRET-unset} ${BRIDGE_TEST_NAMED-unset} ${PATH:+path}\"" ;;""",
            options => options with { PassedVariables = ["BRIDGE_TEST_N*"] }
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"env"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"unset 2 path"}""", Assert.Single(messages));
    }

    [Theory]
    [InlineData("HOME", true)]
    [InlineData("https_proxy", true)]
    [InlineData("GITHUB_TOKEN", false)]
    [InlineData("ANYTHING", false, "OTHER")]
    [InlineData("ANYTHING", true, "*")]
    [InlineData("MCPR_TOKEN", false, "*")]
    [InlineData("MCPR_TOKEN", true, "MCPR_TOKEN")]
    public void Variable_IsPassedOn(string name, bool isPassed, params string[] named)
    {
        Assert.Equal(isPassed, ProcessEnvironment.Passes(name, named));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Limits_HoldForTheProcess()
    {
        Assert.SkipWhen(ProgramPath.Find("prlimit") is null || ProgramPath.Find("setpriv") is null, "util-linux is not here");
        await using var bed = new BridgeBed(
            """*limits*) answer "\"$(ulimit -n) $(grep NoNewPrivs /proc/self/status | tr -dc 0-9)\"" ;;""",
            options => options with { Limits = new ProcessLimits(OpenFiles: 64, NoNewPrivileges: true) }
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"limits"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"64 1"}""", Assert.Single(messages));
    }
}
