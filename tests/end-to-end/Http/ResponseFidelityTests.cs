using System.IO.Compression;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;
using Tunnel.Tests.Origins;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>What the MCP server answers and what the caller gets.</summary>
public abstract class ResponseFidelityTests(RawBed bed)
{
    private const string Get = "GET / HTTP/1.1\r\nHost: {host}\r\n\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task RepeatedHeaders_StayRepeated()
    {
        var response = await bed.ExchangeAsync(
            Get,
            "HTTP/1.1 401 Unauthorized\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2, c\r\n"
                + "WWW-Authenticate: Bearer resource_metadata=\"http://x/\"\r\nWWW-Authenticate: Basic realm=\"y, z\"\r\nContent-Length: 0\r\n\r\n",
            Cancellation
        );

        Assert.Equal(401, response.StatusCode);
        Assert.Equal(["a=1; Path=/", "b=2, c"], response.Headers("Set-Cookie"));
        Assert.Equal(["Bearer resource_metadata=\"http://x/\"", "Basic realm=\"y, z\""], response.Headers("WWW-Authenticate"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(200)]
    [InlineData(202)]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(418)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(599)]
    public async Task StatusAndBody_GoThrough(int status)
    {
        const string body = """{"jsonrpc":"2.0","id":"7","error":{"code":-32601,"message":"x","data":1.0}}""";

        var response = await bed.ExchangeAsync(
            Get,
            $"HTTP/1.1 {status} Odd Reason\r\nContent-Type: application/json;charset=UTF-8\r\nRetry-After: 7\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            Cancellation
        );

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(body, Encoding.UTF8.GetString(response.BodyWireBytes.Span));
        Assert.Equal("7", response.Header("Retry-After"));
        Assert.Equal("application/json;charset=UTF-8", response.Header("Content-Type"));
        Assert.Null(response.Header("mcpr-error"));
        Assert.Null(response.Header("Server"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NoContent_HasNoBodyAndNoLength()
    {
        var response = await bed.ExchangeAsync(Get, "HTTP/1.1 204 No Content\r\nETag: \"x\"\r\n\r\n", Cancellation);

        Assert.Equal(204, response.StatusCode);
        Assert.Equal("\"x\"", response.Header("ETag"));
        Assert.Null(response.Header("Content-Length"));
        Assert.Null(response.Header("Transfer-Encoding"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task NotModified_KeepsItsHeaders()
    {
        var response = await bed.ExchangeAsync(
            Get,
            "HTTP/1.1 304 Not Modified\r\nETag: W/\"1\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n\r\n",
            Cancellation
        );

        Assert.Equal(304, response.StatusCode);
        Assert.Equal("W/\"1\"", response.Header("ETag"));
        Assert.Equal("Wed, 21 Oct 2015 07:28:00 GMT", response.Header("Last-Modified"));
        Assert.Null(response.Header("Transfer-Encoding"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Head_KeepsTheLengthOfTheBodyThatIsNotThere()
    {
        var response = await bed.ExchangeAsync(
            "HEAD /big HTTP/1.1\r\nHost: {host}\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 123456\r\nContent-Type: text/html\r\n\r\n",
            Cancellation
        );

        Assert.Equal(200, response.StatusCode);
        Assert.Equal("123456", response.Header("Content-Length"));
        Assert.Equal(0, response.BodyWireBytes.Length);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CompressedBody_IsNotTouched()
    {
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 5000)), Cancellation);
        }

        var bytes = compressed.ToArray();
        var response = await bed.ExchangeAsync(
            "GET / HTTP/1.1\r\nHost: {host}\r\nAccept-Encoding: gzip\r\n\r\n",
            $"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding\r\nContent-Length: {bytes.Length}\r\n\r\n"
                + Encoding.Latin1.GetString(bytes),
            Cancellation
        );

        Assert.Equal("gzip", response.Header("Content-Encoding"));
        Assert.Equal(bytes, response.BodyWireBytes.ToArray());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task HeaderBytes_ArriveUnchanged()
    {
        var response = await bed.ExchangeAsync(
            Get,
            "HTTP/1.1 200 OK\r\nX-Latin: caf\u00e9 \u00ff\r\nLink: <a>; rel=\"b\", <c>\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nServer: mine/1\r\nContent-Length: 0\r\n\r\n",
            Cancellation
        );

        Assert.Equal("caf\u00e9 \u00ff", response.Header("X-Latin"));
        Assert.Equal("<a>; rel=\"b\", <c>", response.Header("Link"));
        Assert.Equal("Thu, 01 Jan 1970 00:00:00 GMT", response.Header("Date"));
        Assert.Equal("mine/1", response.Header("Server"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Trailers_Arrive()
    {
        var response = await bed.ExchangeAsync(
            "GET / HTTP/1.1\r\nHost: {host}\r\nTE: trailers\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n",
            Cancellation
        );

        Assert.Equal(WireEnd.Complete, response.Ended);
        Assert.Contains(response.TrailerLines, line => line.Equals("X-Sum: 42", StringComparison.OrdinalIgnoreCase));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task EmptyChunkedBody_EndsCleanly()
    {
        var response = await bed.ExchangeAsync(Get, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Cancellation);

        Assert.Equal(WireEnd.Complete, response.Ended);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ManyRequestsOnOneConnection_EachGetsItsOwnAnswer()
    {
        bed.Origin = async (request, connection) =>
            await connection.SendAsync(
                FormattableString.Invariant($"HTTP/1.1 200 OK\r\nContent-Length: {request.Target.Length}\r\n\r\n{request.Target}")
            );
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        for (var number = 0; number < 50; number++)
        {
            await caller.SendAsync(FormattableString.Invariant($"GET /{number} HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\n\r\n"), Cancellation);
            var response = await caller.ReadResponseAsync(Cancellation);
            Assert.Equal(FormattableString.Invariant($"/{number}"), Encoding.ASCII.GetString(await response.ReadBodyAsync(Cancellation)));
        }
    }
}

public sealed class ResponseFidelityThroughATunnelTests(RawBed bed) : ResponseFidelityTests(bed), IClassFixture<RawBed>;

[Trait("needs", "redis")]
public sealed class ResponseFidelityThroughAnotherNodeTests(ClusteredRawBed bed)
    : ResponseFidelityTests(bed),
        IClassFixture<ClusteredRawBed>;
