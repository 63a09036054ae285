using System.Globalization;
using System.Text;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Http;

/// <summary>What a caller sends and what the MCP server gets, byte for byte where no rule says otherwise.</summary>
public abstract class RequestFidelityTests(RawBed bed)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/mcp")]
    [InlineData("/a%2Fb/%7Ec/%C3%A9?x=%2F&y=a+b")]
    [InlineData("/./a/../b//c/")]
    [InlineData("//double")]
    [InlineData("/?")]
    [InlineData("/path?query?with=more&%%odd")]
    [InlineData("/semi;colon,comma!'()*[x]|{y}")]
    public async Task RequestTarget_ArrivesAsWritten(string target)
    {
        var request = await bed.DeliverAsync($"GET {target} HTTP/1.1\r\nHost: {{host}}\r\n\r\n", Cancellation);

        Assert.Equal(target, request.Target);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task AbsoluteFormTarget_ArrivesInOriginForm()
    {
        var request = await bed.DeliverAsync($"GET http://{bed.Tunnel.Host}/x%2Fy?z HTTP/1.1\r\nHost: {{host}}\r\n\r\n", Cancellation);

        Assert.Equal("/x%2Fy?z", request.Target);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET")]
    [InlineData("HEAD")]
    [InlineData("OPTIONS")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    public async Task Method_ArrivesWithoutInventedBody(string method)
    {
        var request = await bed.DeliverAsync($"{method} /m HTTP/1.1\r\nHost: {{host}}\r\n\r\n", Cancellation);

        Assert.Equal(method, request.Method);
        Assert.Null(request.Header("Transfer-Encoding"));
        Assert.True(request.Body.IsEmpty);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task JsonBody_ArrivesByteForByte()
    {
        const string body = """{ "id":1e0,"n":12345678901234567890 , "f":1.0,"é":"\u00e9","jsonrpc":"2.0" ,"method":"x"}""";
        var bytes = Encoding.UTF8.GetBytes(body);

        var request = await bed.DeliverAsync(
            $"POST /mcp HTTP/1.1\r\nHost: {{host}}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {bytes.Length}\r\n\r\n"
                + Encoding.Latin1.GetString(bytes),
            Cancellation
        );

        Assert.Equal(bytes, request.Body.ToArray());
        Assert.Equal(bytes.Length.ToString(CultureInfo.InvariantCulture), request.Header("Content-Length"));
        Assert.Equal("application/json; charset=utf-8", request.Header("Content-Type"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ChunkedBody_ArrivesWhole()
    {
        var request = await bed.DeliverAsync(
            "POST /up HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
            Cancellation
        );

        Assert.Equal("abcdefg", Encoding.ASCII.GetString(request.Body.Span));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Headers_ArriveWithTheirBytes()
    {
        var request = await bed.DeliverAsync(
            "GET / HTTP/1.1\r\nHost: {host}\r\nMcp-Session-Id: aB-\x7e!\r\nMcp-Param-City: =?base64?w6k=?=\r\nX-Latin: caf\u00e9\r\n"
                + "X-Empty:\r\nUpgrade-Insecure-Requests: 1\r\nTraceparent: 00-1-2-00\r\n\r\n",
            Cancellation
        );

        Assert.Equal("aB-\x7e!", request.Header("Mcp-Session-Id"));
        Assert.Equal("=?base64?w6k=?=", request.Header("Mcp-Param-City"));
        Assert.Equal("caf\u00e9", request.Header("X-Latin"));
        Assert.Equal(string.Empty, request.Header("X-Empty"));
        Assert.Equal("1", request.Header("Upgrade-Insecure-Requests"));
        Assert.Equal("00-1-2-00", request.Header("Traceparent"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Host_BecomesTheServersOwnAndThePublicOneIsForwarded()
    {
        var request = await bed.DeliverAsync("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n", Cancellation);

        Assert.Equal(Invariant($"127.0.0.1:{bed.OriginPort}"), request.Header("Host"));
        Assert.Equal(bed.Tunnel.Host, request.Header("X-Forwarded-Host"));
        Assert.Equal("http", request.Header("X-Forwarded-Proto"));
        Assert.Equal("127.0.0.1", request.Header("X-Forwarded-For"));
        Assert.Equal($"for=127.0.0.1;host=\"{bed.Tunnel.Host}\";proto=http", request.Header("Forwarded"));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("X-Forwarded-For: 6.6.6.6", "6.6.6.6")]
    [InlineData("x-forwarded-host: evil.example", "evil.example")]
    [InlineData("X-Forwarded-Prefix: /evil", "/evil")]
    [InlineData("Forwarded: for=6.6.6.6", "6.6.6.6")]
    [InlineData("X-Real-IP: 6.6.6.6", "6.6.6.6")]
    [InlineData("mcpr-edge-time: 666", "mcpr-")]
    [InlineData("mcpr-hold-time: 666", "mcpr-")]
    [InlineData("X-Hop: evil\r\nConnection: X-Hop", "evil")]
    [InlineData("Proxy-Authorization: Basic evil", "evil")]
    public async Task ForgedOrHopByHopHeader_IsRemoved(string header, string value)
    {
        var request = await bed.DeliverAsync($"GET / HTTP/1.1\r\nHost: {{host}}\r\n{header}\r\n\r\n", Cancellation);

        Assert.DoesNotContain(request.HeaderLines, line => line.Contains(value, StringComparison.OrdinalIgnoreCase));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OwnOrigin_BecomesTheServersOwn()
    {
        var request = await bed.DeliverAsync("GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\r\n", Cancellation);

        Assert.Equal(Invariant($"http://127.0.0.1:{bed.OriginPort}"), request.Header("Origin"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ForeignOrigin_ArrivesAsItIs()
    {
        var request = await bed.DeliverAsync("GET / HTTP/1.1\r\nHost: {host}\r\nOrigin: https://chatgpt.com\r\n\r\n", Cancellation);

        Assert.Equal("https://chatgpt.com", request.Header("Origin"));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TenMegabyteBody_ArrivesWhole()
    {
        var body = new byte[10 << 20];
        new Random(1).NextBytes(body);
        byte[]? received = null;
        bed.Origin = async (request, connection) =>
        {
            received = await request.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        };

        using var response = await bed.Tunnel.Http.PostAsync(bed.Tunnel.Url, new ByteArrayContent(body), Cancellation);

        Assert.Equal("ok", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.True(body.AsSpan().SequenceEqual(received));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Transfer-Encoding: chunked", "5\r\nfirst\r\n", "6\r\nsecond\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 11", "first", "second")]
    public async Task UploadInPieces_EachArrivesBeforeTheNextIsSent(string framing, string first, string second)
    {
        var firstArrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bed.Origin = async (request, connection) =>
        {
            var seen = new StringBuilder();
            while (seen.Length < "first".Length)
            {
                seen.Append(Encoding.ASCII.GetString((await request.ReadBodyChunkAsync()).Span));
            }

            firstArrived.SetResult();
            await request.ReadBodyAsync();
            await connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
        };
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync(
            $"POST /up HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\nContent-Type: application/octet-stream\r\n{framing}\r\n\r\n{first}",
            Cancellation
        );
        await firstArrived.Task.WaitAsync(Cancellation);
        await caller.SendAsync(second, Cancellation);

        Assert.Equal(204, (await caller.ReadResponseAsync(Cancellation, "POST")).StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ExpectContinue_IsAnsweredBeforeTheBodyIsSent()
    {
        bed.Origin = async (request, connection) =>
        {
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            var body = await request.ReadBodyAsync();
            await connection.SendAsync(Invariant($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{body.Length}"));
        };
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync(
            $"POST /up HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
            Cancellation
        );
        var interim = await caller.ReadInterimAsync(Cancellation);
        await caller.SendAsync("body", Cancellation);
        var response = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.StartsWith("HTTP/1.1 100", interim.StartLine, StringComparison.Ordinal);
        Assert.Equal("4", Encoding.ASCII.GetString(await response.ReadBodyAsync(Cancellation)));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task ExpectContinueRefused_TheBodyIsNeverAskedFor()
    {
        bed.Origin = async (_, connection) =>
        {
            await connection.SendAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            connection.Close();
        };
        await using var caller = await bed.Tunnel.ConnectRawAsync(Cancellation);

        await caller.SendAsync(
            $"POST /up HTTP/1.1\r\nHost: {bed.Tunnel.Host}\r\nExpect: 100-continue\r\nContent-Length: 5000\r\n\r\n",
            Cancellation
        );
        var response = await caller.ReadResponseAsync(Cancellation, "POST");

        Assert.Equal(401, response.StatusCode);
        Assert.Empty(response.Interim);
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}

public sealed class RequestFidelityThroughATunnelTests(RawBed bed) : RequestFidelityTests(bed), IClassFixture<RawBed>;

[Trait("needs", "redis")]
public sealed class RequestFidelityThroughAnotherNodeTests(ClusteredRawBed bed) : RequestFidelityTests(bed), IClassFixture<ClusteredRawBed>;
