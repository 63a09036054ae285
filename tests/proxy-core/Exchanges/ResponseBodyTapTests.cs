using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Exchanges;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Exchanges;

public sealed class ResponseBodyTapTests
{
    private const string Error = """{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"Invalid params"}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Body_GoesThroughUnchanged()
    {
        var bytes = new byte[200_000];
        new Random(4711).NextBytes(bytes);
        var (context, sent, tap) = Attach("application/octet-stream");

        await context.Response.Body.WriteAsync(bytes.AsMemory(0, 70_000), Token);
        await context.Response.Body.WriteAsync(bytes.AsMemory(70_000), Token);

        Assert.Equal(bytes, sent.ToArray());
        Assert.Equal(bytes.Length, tap.BytesWritten);
    }

    [Fact]
    public async Task BodyThroughTheWriter_IsCountedToo()
    {
        var (context, sent, tap) = Attach("application/json");

        await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(Error), Token);
        await context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().CompleteAsync();

        Assert.Equal(Error, Encoding.UTF8.GetString(sent.ToArray()));
        Assert.Equal((Error.Length, -32602), (tap.BytesWritten, tap.Outcome?.ErrorCode));
    }

    [Theory]
    [InlineData("application/json", Error)]
    [InlineData("text/event-stream", "event: message\r\ndata: " + Error + "\r\n\r\n")]
    public async Task ErrorInTheBody_IsTold(string contentType, string body)
    {
        var (context, _, tap) = Attach(contentType);

        foreach (var one in Encoding.UTF8.GetBytes(body))
        {
            await context.Response.Body.WriteAsync((byte[])[one], Token);
        }

        Assert.Equal((-32602, "Invalid params"), (tap.Outcome?.ErrorCode, tap.Outcome?.ErrorMessage));
    }

    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/json", "gzip")]
    [InlineData(null, null)]
    public async Task BodyOfAnotherKind_IsNotLookedThrough(string? contentType, string? contentEncoding)
    {
        var (context, _, tap) = Attach(contentType);
        context.Response.Headers.ContentEncoding = contentEncoding;

        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Error), Token);

        Assert.Null(tap.Outcome);
        Assert.Equal(Error.Length, tap.BytesWritten);
    }

    [Fact]
    public void NoBody_HasNoError()
    {
        var (_, _, tap) = Attach("application/json");

        Assert.Null(tap.Outcome);
        Assert.Equal(0, tap.BytesWritten);
    }

    private static (HttpContext Context, MemoryStream Sent, ResponseBodyTap Tap) Attach(string? contentType)
    {
        var context = new DefaultHttpContext();
        var sent = new MemoryStream();
        context.Response.Body = sent;
        context.Response.ContentType = contentType;
        return (context, sent, ResponseBodyTap.Attach(context));
    }
}
