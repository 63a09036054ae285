using System.Net;
using System.Text;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

/// <summary>Clients of the revision 2026-07-28 and a program of an earlier one.</summary>
public sealed class ModernTests
{
    private const string Asks = """
        *confirm*) asking=$id; printf '{"jsonrpc":"2.0","id":5,"method":"elicitation/create","params":{"message":"Sure?"}}\n' ;;
        *'"id":5,"result":{"action":"accept"}'*) printf '{"jsonrpc":"2.0","id":%s,"result":{"n":1.0}}\n' "$asking" ;;
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Discover_IsAnsweredOutOfInitialize()
    {
        await using var bed = new BridgeBed();

        var messages = await PostAsync(bed, "server/discover");

        Assert.Equal(
            """{"jsonrpc":"2.0","id":"a","result":{"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"script","version":"1"}},"resultType":"complete","supportedVersions":["2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"ttlMs":0,"cacheScope":"private"}}""",
            Assert.Single(messages)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Result_IsStampedAndRequestLosesItsEnvelope()
    {
        await using var bed = new BridgeBed("""*io.modelcontextprotocol*) answer '{"leaked":true}' ;;""");

        var messages = await PostAsync(bed, "tools/list");

        Assert.Equal(
            """{"jsonrpc":"2.0","id":"a","result":{"resultType":"complete","ttlMs":0,"cacheScope":"private","_meta":{"io.modelcontextprotocol/serverInfo":{"name":"script","version":"1"}},"tools":[]}}""",
            Assert.Single(messages)
        );
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task QuestionOfTheServer_BecomesARoundOfItsOwn()
    {
        await using var bed = new BridgeBed(Asks);

        var asked = Assert.Single(await PostAsync(bed, "tools/call", "\"name\":\"confirm\",", capabilities: """{"elicitation":{}}"""));
        var state = asked.Split("\"requestState\":\"")[1].Split('"')[0];
        var done = await PostAsync(
            bed,
            "tools/call",
            $$$"""
            "name":"confirm","requestState":"{{{state}}}","inputResponses":{"q1":{"action":"accept"}},
            """,
            capabilities: """{"elicitation":{}}"""
        );

        Assert.Contains(
            "\"resultType\":\"input_required\",\"inputRequests\":{\"q1\":{\"method\":\"elicitation/create\",\"params\":{\"message\":\"Sure?\"}}}",
            asked,
            StringComparison.Ordinal
        );
        Assert.Contains("\"resultType\":\"complete\"", Assert.Single(done), StringComparison.Ordinal);
        Assert.Contains("\"n\":1.0", Assert.Single(done), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task StateThatNobodyGaveOut_IsRefused()
    {
        await using var bed = new BridgeBed();

        var messages = await PostAsync(bed, "tools/call", "\"name\":\"x\",\"requestState\":\"00\",");

        Assert.Contains("\"error\":{\"code\":-32602", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ClientLeaves_TheServerIsToldToStop()
    {
        await using var bed = new BridgeBed(
            """
            *hang*) hanging=$id; printf '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":1}}\n' "$id" ;;
            *notifications/cancelled*) case $line in *"\"requestId\":$hanging}"*) cancelled=true ;; esac ;;
            *cancelled*) answer "{\"was\":\"$cancelled\"}" ;;
            """
        );

        var hanging = await SendAsync(bed, "tools/call", "\"name\":\"hang\",", meta: "\"progressToken\":\"p\",");
        var head = new byte[16];
        await (await hanging.Content.ReadAsStreamAsync(Cancellation)).ReadExactlyAsync(head, Cancellation);
        hanging.Dispose();
        var messages = await PostAsync(bed, "tools/call", "\"name\":\"cancelled\",");

        Assert.Equal("event: message\nd", Encoding.ASCII.GetString(head));
        Assert.Contains("\"was\":\"true\"", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Listener_HearsOfWhatItAskedForWithItsSubscription()
    {
        await using var bed = new BridgeBed(
            """*change*) printf '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n'; answer '{}' ;;"""
        );

        using var listening = await SendAsync(
            bed,
            "subscriptions/listen",
            "\"notifications\":{\"toolsListChanged\":true,\"promptsListChanged\":true},"
        );
        await PostAsync(bed, "tools/call", "\"name\":\"change\",");
        using var reader = new StreamReader(await listening.Content.ReadAsStreamAsync(Cancellation), Encoding.UTF8);
        string?[] lines =
        [
            await reader.ReadLineAsync(Cancellation),
            await reader.ReadLineAsync(Cancellation),
            await reader.ReadLineAsync(Cancellation),
            await reader.ReadLineAsync(Cancellation),
            await reader.ReadLineAsync(Cancellation),
        ];

        Assert.Equal(
            """data: {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true},"_meta":{"io.modelcontextprotocol/subscriptionId":"a"}}}""",
            lines[1]
        );
        Assert.Equal(
            """data: {"params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"a"}},"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""",
            lines[4]
        );
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("ping", "", "Mcp-Method", "ping", HttpStatusCode.NotFound)]
    [InlineData("tools/list", "", "Mcp-Method", "tools/call", HttpStatusCode.BadRequest)]
    [InlineData("tools/call", "\"name\":\"x\",", "Mcp-Name", "y", HttpStatusCode.BadRequest)]
    [InlineData("tools/call", "\"name\":\"é\",", "Mcp-Name", "=?base64?w6k=?=", HttpStatusCode.OK)]
    [InlineData("tools/list", "", "MCP-Protocol-Version", "2026-07-29", HttpStatusCode.BadRequest)]
    public async Task Headers_HaveToAgreeWithTheBody(string method, string parameters, string header, string value, HttpStatusCode status)
    {
        await using var bed = new BridgeBed();

        using var response = await SendAsync(bed, method, parameters, headers: (header, value));

        Assert.Equal(status, response.StatusCode);
    }

    private static async Task<string[]> PostAsync(BridgeBed bed, string method, string parameters = "", string capabilities = "{}")
    {
        using var response = await SendAsync(bed, method, parameters, capabilities);
        return await BridgeBed.MessagesAsync(response);
    }

    private static Task<HttpResponseMessage> SendAsync(
        BridgeBed bed,
        string method,
        string parameters = "",
        string capabilities = "{}",
        string meta = "",
        params (string Name, string Value)[] headers
    )
    {
        var body =
            $"{{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"{method}\",\"params\":{{{parameters.Trim()}\"_meta\":{{{meta}"
            + $"\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{capabilities}}}}}}}";
        List<(string Name, string Value)> all = [.. headers];
        void Default(string name, string value)
        {
            if (!all.Exists(header => header.Name == name))
            {
                all.Add((name, value));
            }
        }

        Default("MCP-Protocol-Version", "2026-07-28");
        Default("Mcp-Method", method);
        if (parameters.Contains("\"name\":\"", StringComparison.Ordinal))
        {
            Default("Mcp-Name", parameters.Split("\"name\":\"")[1].Split('"')[0]);
        }

        return bed.SendAsync(HttpMethod.Post, body, headers: [.. all]);
    }
}
