using System.Text;
using System.Text.Json;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

public sealed class FidelityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NumbersOrderAndUnknownFields_StayAsTheyAre()
    {
        const string Answer =
            "\"zz\":1E3,\"result\":{\"b\":12345678901234567890,\"a\":1.0,\"c\":2.50,\"content\":[{\"type\":\"hologram\",\"x\":1}]},\"vendor\":{\"y\":[1e5]}}";
        await using var bed = new BridgeBed($$"""*odd*) printf '{"jsonrpc":"2.0","id":%s,{{Answer}}\n' "$id" ;;""");
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1.0,"method":"vendor/odd"}""", session);

        Assert.Equal("{\"jsonrpc\":\"2.0\",\"id\":1.0," + Answer, Assert.Single(messages));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("\"\\u00e9\"")]
    [InlineData("12345678901234567890")]
    [InlineData("-1")]
    public async Task Id_ComesBackAsItWasWritten(string id)
    {
        await using var bed = new BridgeBed();
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"x"}""", session);

        Assert.Equal($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}""", Assert.Single(messages));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TwoRequestsWithOneId_BothGetTheirOwnAnswer()
    {
        await using var bed = new BridgeBed(
            """
            *first*) first=$id ;;
            *second*) printf '{"jsonrpc":"2.0","id":%s,"result":"second"}\n{"jsonrpc":"2.0","id":%s,"result":"first"}\n' "$id" "$first" ;;
            """
        );
        var session = await bed.InitializeAsync();

        using var first = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"first"}""", session);
        var second = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"second"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"second"}""", Assert.Single(second));
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"first"}""", Assert.Single(await BridgeBed.MessagesAsync(first)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ProgressToken_IsTheClientsOwnAgain()
    {
        await using var bed = new BridgeBed(
            """
            *slow*)
              token=$(printf '%s' "$line" | sed 's/.*"progressToken":\([^,}]*\).*/\1/')
              printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":0.50}}\n' "$token"
              answer "\"$token\"" ;;
            """
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"slow","params":{"_meta":{"progressToken":"mine","other":1.0}}}""",
            session
        );

        Assert.Equal(
            """{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"mine","progress":0.50}}""",
            messages[0]
        );
        Assert.DoesNotContain("mine", messages[1], StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NoiseOnStandardOutput_IsPassedOver()
    {
        await using var bed = new BridgeBed(
            """*noisy*) printf 'loading…\n{"not":"rpc"}\n\n[DEBUG] '; printf '{"jsonrpc":"2.0","id":%s,"result":1}\r\n' "$id" ;;"""
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"noisy"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":1}""", Assert.Single(messages));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CharactersThatComeInPieces_AreWhole()
    {
        await using var bed = new BridgeBed(
            """
            *pieces*)
              printf '{"jsonrpc":"2.0","id":%s,"result":"\303' "$id"; printf '\251\360'; printf '\237\230'; printf '\200"}'; printf '\n' ;;
            """
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"pieces"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"é😀"}""", Assert.Single(messages));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TaskIdsAndRelatedTasks_SurviveInTheirSession()
    {
        const string status =
            """{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"t-1","status":"working","ttl":1.0}}""";
        const string message =
            """{"jsonrpc":"2.0","method":"notifications/message","params":{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}}}}""";
        await using var bed = new BridgeBed(
            $$$"""
            *tasks/result*'"taskId":"t-1"'*)
              printf '%s\n' '{{{status}}}' '{{{message}}}'
              answer '{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}},"content":[]}' ;;
            *'"task":{"ttl":60000}'*) answer '{"task":{"taskId":"t-1","status":"working","ttl":60000}}' ;;
            """
        );
        var session = await bed.InitializeAsync();

        var created = await bed.PostAsync(
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","task":{"ttl":60000}}}""",
            session
        );
        var result = await bed.PostAsync("""{"jsonrpc":"2.0","id":2,"method":"tasks/result","params":{"taskId":"t-1"}}""", session);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"t-1","status":"working","ttl":60000}}}""",
            Assert.Single(created)
        );
        Assert.Equal(
            [
                status,
                message,
                """{"jsonrpc":"2.0","id":2,"result":{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t-1"}},"content":[]}}""",
            ],
            result,
            StringComparer.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LineOfTenMegabytes_ComesWhole()
    {
        await using var bed = new BridgeBed(
            """*big*) printf '{"jsonrpc":"2.0","id":%s,"result":"' "$id"; head -c 10000000 /dev/zero | tr '\0' x; printf '"}\n' ;;"""
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"big"}""", session);

        using var json = JsonDocument.Parse(Assert.Single(messages));
        Assert.Equal(10_000_000, json.RootElement.GetProperty("result").GetString()!.Length);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task LineBeyondTheLimit_IsPassedOverAndTheNextOneCounts()
    {
        await using var bed = new BridgeBed(
            """*big*) head -c 100000 /dev/zero | tr '\0' x; printf '\n'; answer 1 ;;""",
            options => options with { MaxMessage = 50_000 }
        );
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"big"}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":1}""", Assert.Single(messages));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task MessageOverSeveralLines_BecomesOne()
    {
        await using var bed = new BridgeBed("""*'"big":12345678901234567890'*) answer '"one line"' ;;""");
        var session = await bed.InitializeAsync();

        var messages = await bed.PostAsync(
            "{\n \"jsonrpc\":\"2.0\",\r\n \"id\":1,\"method\":\"x\",\"big\":12345678901234567890\n}\n",
            session
        );

        Assert.Contains("one line", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientInfoAndCapabilities_ReachTheServer()
    {
        await using var bed = new BridgeBed();

        await bed.InitializeAsync();

        Assert.Contains(
            "\"capabilities\":{\"roots\":{}},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}",
            bed.LastInitialize,
            StringComparison.Ordinal
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task QuestionOfTheServer_GoesToTheClientOfTheRequestAndItsAnswerBack()
    {
        await using var bed = new BridgeBed(
            """
            *ask*) asking=$id; printf '{"jsonrpc":"2.0","id":"q","method":"roots/list"}\n' ;;
            *'"id":"q","result"'*) printf '{"jsonrpc":"2.0","id":%s,"result":"thanks"}\n' "$asking" ;;
            """
        );
        var session = await bed.InitializeAsync();

        using var asking = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"ask"}""", session);
        using var reader = new StreamReader(await asking.Content.ReadAsStreamAsync(Cancellation), Encoding.UTF8);
        var question = await BridgeBed.DataAsync(reader);
        using var answered = await bed.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":"q","result":{"roots":[]}}""", session);

        Assert.Equal("""{"jsonrpc":"2.0","id":"q","method":"roots/list"}""", question);
        Assert.Equal(202, (int)answered.StatusCode);
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":"thanks"}""", await BridgeBed.DataAsync(reader));
    }
}
