using System.Net;
using System.Text;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

public sealed class SessionTests
{
    private const string Call = """{"jsonrpc":"2.0","id":1,"method":"x"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Initialize_OpensASessionWithAPrimedStream()
    {
        await using var bed = new BridgeBed();

        using var response = await bed.SendAsync(
            HttpMethod.Post,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}"""
        );
        var text = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.True(response.Headers.Contains("Mcp-Session-Id"));
        Assert.StartsWith("id: 1-0\ndata: \n\nid: 1-1\nevent: message\ndata: {\"jsonrpc\"", text, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Notification_IsAccepted()
    {
        await using var bed = new BridgeBed();
        var session = await bed.InitializeAsync();

        using var response = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", session);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(null, HttpStatusCode.BadRequest)]
    [InlineData("no-such-session", HttpStatusCode.NotFound)]
    public async Task WithoutAKnownSession_TheClientLearnsIt(string? session, HttpStatusCode status)
    {
        await using var bed = new BridgeBed();

        using var post = await bed.SendAsync(HttpMethod.Post, Call, session);
        using var get = await bed.SendAsync(HttpMethod.Get, session: session);

        Assert.Equal((status, status), (post.StatusCode, get.StatusCode));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{\"jsonrpc\":\"2.0\"}")]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"},1]")]
    public async Task BodyThatIsNoMessage_Is400(string body)
    {
        await using var bed = new BridgeBed();
        var session = await bed.InitializeAsync();

        using var response = await bed.SendAsync(HttpMethod.Post, body, session);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Batch_GetsAllAnswersOnOneStream()
    {
        await using var bed = new BridgeBed();
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync(
            """[{"jsonrpc":"2.0","id":1,"method":"x"},{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]""",
            session
        );

        Assert.Equal(["""{"jsonrpc":"2.0","id":1,"result":{}}""", """{"jsonrpc":"2.0","id":2,"result":{"tools":[]}}"""], messages);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StreamThatBroke_GoesOnBehindTheLastEvent()
    {
        await using var bed = new BridgeBed(
            """*later*) later=$id ;;""" + "\n" + """*now*) printf '{"jsonrpc":"2.0","id":%s,"result":"late"}\n' "$later"; answer 1 ;;"""
        );
        var session = await bed.InitializeAsync();
        var broken = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"later"}""", session);
        broken.Dispose();
        await bed.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"now"}""", session);

        // The initialize had the first stream, this one is the second.
        using var resumed = await bed.SendAsync(HttpMethod.Get, session: session, headers: [("Last-Event-ID", "2-0")]);
        var messages = await BridgeBed.MessagesAsync(resumed);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"late"}""", Assert.Single(messages));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ChangeOfALists_GoesToTheClientsOwnStream()
    {
        await using var bed = new BridgeBed(
            """*change*) printf '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n'; answer 1 ;;"""
        );
        var session = await bed.InitializeAsync();

        var call = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"change"}""", session);
        using var get = await bed.SendAsync(HttpMethod.Get, session: session);
        await using var stream = await get.Content.ReadAsStreamAsync(Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);

        Assert.Single(call);
        Assert.Equal("id: 0-0", await reader.ReadLineAsync(Cancellation));
        await reader.ReadLineAsync(Cancellation);
        Assert.Equal("""data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", await reader.ReadLineAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnswerThatComesAtOnce_IsABodyOfItsOwn()
    {
        await using var bed = new BridgeBed();
        var session = await bed.InitializeAsync();

        using var response = await bed.SendAsync(HttpMethod.Post, Call, session);

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(session, response.Headers.GetValues("Mcp-Session-Id").Single());
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnswerThatTakesLonger_ComesOnAPrimedStream()
    {
        var time = new ManualTimeProvider();
        await using var bed = new BridgeBed(
            """*later*) later=$id ;;""" + "\n" + """*now*) printf '{"jsonrpc":"2.0","id":%s,"result":"late"}\n' "$later"; answer 1 ;;""",
            time: time
        );
        var session = await bed.InitializeAsync();
        var sending = bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"later"}""", session);
        while (!sending.IsCompleted)
        {
            time.Advance(PromptTarget.Patience);
            await Task.Yield();
        }

        using var response = await sending;
        await bed.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"now"}""", session);

        Assert.Equal(
            "id: 2-0\ndata: \n\nid: 2-1\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"late\"}\n\n",
            await response.Content.ReadAsStringAsync(Cancellation)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AnswerBehindAMessage_ComesOnAStreamWithIt()
    {
        const string message = """{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}""";
        await using var bed = new BridgeBed($"*log*) printf '%s\\n' '{message}'; answer 1 ;;");
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"log"}""", session);

        Assert.Equal([message, """{"jsonrpc":"2.0","id":1,"result":1}"""], messages);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientThatTakesNoEvents_GetsTheAnswerAsJson()
    {
        await using var bed = new BridgeBed();
        var session = await bed.InitializeAsync();

        using var response = await bed.SendAsync(HttpMethod.Post, Call, session, [("Accept", "application/json")]);

        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LegacyStream_TellsWhereToPostAndCarriesTheAnswers()
    {
        await using var bed = new BridgeBed();
        using var open = await bed.SendAsync(HttpMethod.Get, path: "/sse");
        await using var stream = await open.Content.ReadAsStreamAsync(Cancellation);
        using var reader = new StreamReader(stream, Encoding.UTF8);

        Assert.Equal("event: endpoint", await reader.ReadLineAsync(Cancellation));
        var path = (await reader.ReadLineAsync(Cancellation))!["data: ".Length..];
        using var posted = await bed.SendAsync(
            HttpMethod.Post,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2024-11-05","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""",
            path: path
        );
        await bed.SendAsync(HttpMethod.Post, Call, path: path);

        Assert.Equal(HttpStatusCode.Accepted, posted.StatusCode);
        Assert.Contains("\"id\":0,\"result\"", await BridgeBed.DataAsync(reader), StringComparison.Ordinal);
        Assert.Contains("\"id\":1,\"result\"", await BridgeBed.DataAsync(reader), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SharedMode_AllSessionsUseOneProcessThatWasPromisedEverything()
    {
        await using var bed = new BridgeBed(configure: options => options with { Mode = SessionMode.Shared });

        var sessions = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bed.InitializeAsync()));
        var answers = await Task.WhenAll(sessions.Select(session => bed.PostAsync(Call, session)));

        Assert.Single(bed.Processes);
        Assert.Equal(50, sessions.Distinct(StringComparer.Ordinal).Count());
        Assert.All(answers, messages => Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", Assert.Single(messages)));
        Assert.Contains("\"sampling\":{}", bed.LastInitialize, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SharedMode_QuestionThatNoClientCanAnswer_IsAnsweredWithAnError()
    {
        await using var bed = new BridgeBed(
            """
            *ask*) asking=$id; printf '{"jsonrpc":"2.0","id":"q","method":"sampling/createMessage","params":{}}\n' ;;
            *'"id":"q","error"'*) printf '{"jsonrpc":"2.0","id":%s,"result":"refused"}\n' "$asking" ;;
            """,
            options => options with { Mode = SessionMode.Shared }
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ask"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"refused"}""", Assert.Single(messages));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StatelessMode_NeedsNoSessionAndOffersNone()
    {
        await using var bed = new BridgeBed(configure: options => options with { Mode = SessionMode.Stateless });

        var first = await bed.PostAsync(Call);
        var second = await bed.PostAsync(Call);
        using var get = await bed.SendAsync(HttpMethod.Get);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{}}""", Assert.Single(first));
        Assert.Equal(first, second);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Single(bed.Processes);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task VariablesOfASession_AreThoseThatAreListedAndHarmless()
    {
        await using var bed = new BridgeBed(
            """*env*) answer "\"${TOKEN-none} ${OTHER-none} ${NODE_OPTIONS-none}\"" ;;""",
            options => options with { SessionVariables = ["TOKEN", "NODE_OPTIONS"] }
        );
        using var begun = await bed.SendAsync(
            HttpMethod.Post,
            """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}""",
            headers: [("Mcpr-Env-TOKEN", "mine"), ("Mcpr-Env-OTHER", "x")],
            path: "/mcp?NODE_OPTIONS=--inspect"
        );

        var messages = await bed.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"env"}""",
            begun.Headers.GetValues("Mcp-Session-Id").Single()
        );

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"mine none none"}""", Assert.Single(messages));
    }
}
