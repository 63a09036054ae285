using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.JsonRpc;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Errors;

public sealed class ErrorResponseTests
{
    [Theory]
    [InlineData("7", "7")]
    [InlineData("12345678901234567890", "12345678901234567890")]
    [InlineData("1.0", "1.0")]
    [InlineData("\"a\\u00e9\"", "\"a\\u00e9\"")]
    [InlineData(null, "null")]
    public async Task JsonRpcRequest_GetsAnErrorWithItsIdAsItCame(string? id, string expected)
    {
        var (context, body) = Context();

        await ErrorResponse.WriteAsync(context, ErrorCatalog.TunnelBroke, ErrorSource.Edge, new JsonRpcSummary { Id = id, Method = "m" });

        var text = Encoding.UTF8.GetString(body.ToArray());
        Assert.StartsWith($"{{\"jsonrpc\":\"2.0\",\"id\":{expected},\"error\":{{\"code\":3201,", text, StringComparison.Ordinal);
        Assert.Equal("application/json", context.Response.ContentType);
    }

    [Fact]
    public async Task Browser_GetsAPageInWhichTheCallersTextIsText()
    {
        var (context, body) = Context();
        context.Request.Headers.Accept = "text/html,application/xhtml+xml,*/*;q=0.8";

        await ErrorResponse.WriteAsync(context, ErrorCatalog.NoSuchWidget, ErrorSource.Connector, detail: "/<script>alert(1)</script>");

        var page = Encoding.UTF8.GetString(body.ToArray());
        Assert.Equal("text/html; charset=utf-8", context.Response.ContentType);
        Assert.Contains("<pre>/&lt;script&gt;alert(1)&lt;/script&gt;</pre>", page, StringComparison.Ordinal);
        Assert.Contains("E6201", page, StringComparison.Ordinal);
        Assert.Equal("E6201", context.Response.Headers["mcpr-error"]);
    }

    [Fact]
    public async Task JsonRpcError_TellsWhatCanBeDone()
    {
        var (context, body) = Context();

        await ErrorResponse.WriteAsync(
            context,
            ErrorCatalog.UpstreamUnreachable,
            ErrorSource.Connector,
            new JsonRpcSummary { Id = "1" },
            "http://localhost:9000"
        );

        var expected = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = 1,
            ["error"] = new JsonObject
            {
                ["code"] = 4101,
                ["message"] = ErrorCatalog.UpstreamUnreachable.Title,
                ["data"] = new JsonObject
                {
                    ["code"] = "E4101",
                    ["source"] = "connector",
                    ["detail"] = "http://localhost:9000",
                    ["hint"] = ErrorCatalog.UpstreamUnreachable.Hint,
                    ["requestId"] = "rid-1",
                    ["retryAfter"] = 2,
                },
            },
        };
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body.ToArray())), Encoding.UTF8.GetString(body.ToArray()));
    }

    [Fact]
    public async Task AnyOtherRequest_GetsAProblemDocument()
    {
        var (context, body) = Context();

        await ErrorResponse.WriteAsync(context, ErrorCatalog.WrongHost, ErrorSource.Edge);

        var expected = new JsonObject
        {
            ["title"] = ErrorCatalog.WrongHost.Title,
            ["status"] = 421,
            ["code"] = "E2002",
            ["source"] = "edge",
            ["hint"] = ErrorCatalog.WrongHost.Hint,
            ["requestId"] = "rid-1",
        };
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(body.ToArray())), Encoding.UTF8.GetString(body.ToArray()));
        Assert.Equal("application/problem+json", context.Response.ContentType);
    }

    [Fact]
    public async Task EveryError_IsMarkedAndNotStored()
    {
        var (context, body) = Context();
        context.Response.Headers["X-Left-Over"] = "1";

        await ErrorResponse.WriteAsync(context, ErrorCatalog.UpstreamTimeout, ErrorSource.Connector);

        var headers = context.Response.Headers;
        Assert.Equal(504, context.Response.StatusCode);
        Assert.Equal("E5101", headers["mcpr-error"]);
        Assert.Equal("rid-1", headers["mcpr-request-id"]);
        Assert.Equal("no-store", headers.CacheControl);
        Assert.Equal(body.Length, context.Response.ContentLength);
        Assert.False(headers.ContainsKey("Retry-After"));
        Assert.False(headers.ContainsKey("X-Left-Over"));
    }

    [Fact]
    public async Task ErrorWorthARetry_SaysWhen()
    {
        var (context, _) = Context();

        await ErrorResponse.WriteAsync(context, ErrorCatalog.TunnelOffline, ErrorSource.Edge);

        Assert.Equal("5", context.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task HeadRequest_GetsNoBody()
    {
        var (context, body) = Context();
        context.Request.Method = "HEAD";

        await ErrorResponse.WriteAsync(context, ErrorCatalog.TunnelOffline, ErrorSource.Edge);

        Assert.Equal(0, body.Length);
        Assert.Equal(503, context.Response.StatusCode);
        Assert.True(context.Response.ContentLength > 0);
    }

    private static (HttpContext Context, MemoryStream Body) Context()
    {
        var body = new MemoryStream();
        var context = new DefaultHttpContext { TraceIdentifier = "rid-1" };
        context.Request.Method = "POST";
        context.Response.Body = body;
        return (context, body);
    }
}
