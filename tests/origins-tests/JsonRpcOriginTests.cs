using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Tunnel.Tests.Origins.Tests;

public sealed class JsonRpcOriginTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("12345678901234567890", """{"token":"t\"é"}""", "result", """{"echo":"t\"é"}""")]
    [InlineData("\"a\\u00e9\"", """{"token":"t","mode":"error"}""", "error", """{"code":-32602,"message":"Invalid params"}""")]
    [InlineData("1.0", """{"token":"t","mode":"tool_error"}""", "result", """{"content":[{"type":"text","text":"t"}],"isError":true}""")]
    public async Task Call_IsAnsweredWithItsIdAsWritten(string id, string parameters, string member, string value)
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Token);
        using var http = new HttpClient();

        using var response = await PostAsync(http, origin, id, parameters);

        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.Equal($"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"{member}\":{value}}}", body);
        Assert.Equal(Encoding.UTF8.GetByteCount(body), response.Content.Headers.ContentLength);
        Assert.NotEqual(true, response.Headers.TransferEncodingChunked);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task BigCall_IsChunkedAndFullOfItsToken()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Token);
        using var http = new HttpClient();

        using var response = await PostAsync(http, origin, "1", """{"token":"tok","mode":"big","bytes":200001}""");

        var result = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token))!["result"]!;
        Assert.True(response.Headers.TransferEncodingChunked);
        Assert.Equal(TokenContent.Create("tok", 200_001), (string?)result["data"]);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SseCall_SendsProgressAndThenTheResult()
    {
        await using var origin = await JsonRpcOrigin.StartAsync(Token);
        using var http = new HttpClient();

        using var response = await PostAsync(http, origin, "7", """{"token":"tok","mode":"sse","events":2}""");

        const string Expected = """
            event: message
            data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"tok","progress":1,"total":2}}

            event: message
            data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"tok","progress":2,"total":2}}

            event: message
            data: {"jsonrpc":"2.0","id":7,"result":{"echo":"tok"}}


            """;
        Assert.Equal(Expected, await response.Content.ReadAsStringAsync(Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SlowCalls_AreHeldUntilReleasedAndCountedWhenCancelled()
    {
        const string Slow = """{"token":"tok","mode":"slow"}""";
        await using var origin = await JsonRpcOrigin.StartAsync(Token);
        using var http = new HttpClient();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var kept = PostAsync(http, origin, "1", Slow);
        var dropped = PostAsync(http, origin, "2", Slow, leaving.Token);
        await origin.SlowCallsWaiting.WhenAsync(count => count == 2, Token);
        await leaving.CancelAsync();
        await origin.Cancelled.WhenAsync(count => count == 1, Token);
        var stillHeld = (origin.InFlight.Value, kept.IsCompleted);
        origin.ReleaseSlowCalls();
        using var answer = await kept;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped);
        Assert.Equal((1, false), stillHeld);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await origin.Answered.WhenAsync(count => count == 1, Token);
    }

    private static Task<HttpResponseMessage> PostAsync(
        HttpClient http,
        JsonRpcOrigin origin,
        string id,
        string parameters,
        CancellationToken? cancellationToken = null
    )
    {
        var message = $"{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"echo\",\"params\":{parameters}}}";
        var content = new StringContent(message, Encoding.UTF8, "application/json");
        return http.PostAsync(new Uri(origin.BaseAddress, "mcp"), content, cancellationToken ?? Token);
    }
}
