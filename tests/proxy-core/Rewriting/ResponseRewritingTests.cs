using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Pages;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Tests.Widgets;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Rewriting;

public sealed class ResponseRewritingTests
{
    private const string Untouched = """{"other":1}""";
    private const string Before = """{"old":1,"older":true}""";
    private const string After = """{"new":1,"older":true}""";

    private readonly ExchangeScope _exchange = Scopes.Any();

    private IHeaderDictionary Headers => _exchange.Context.Response.Headers;

    [Fact]
    public async Task UnchangedBody_KeepsItsLengthTagAndDigest()
    {
        Headers.ETag = "\"1\"";
        Headers["Content-Digest"] = "sha-256=:x:";

        var body = await RewriteAsync(new ByteArrayContent(Encoding.UTF8.GetBytes(Untouched)));

        Assert.Equal(Untouched, Encoding.UTF8.GetString(body));
        Assert.Equal(Untouched.Length, Headers.ContentLength);
        Assert.Equal("\"1\"", Headers.ETag);
        Assert.Equal("sha-256=:x:", Headers["Content-Digest"]);
    }

    [Fact]
    public async Task ChangedBody_HasItsOwnLengthAndNothingOfTheOldOne()
    {
        Headers.ETag = "\"1\"";
        Headers["Content-Digest"] = "sha-256=:x:";
        Headers.AcceptRanges = "bytes";

        var body = await RewriteAsync(new ByteArrayContent(Encoding.UTF8.GetBytes(Before)));

        Assert.Equal(After, Encoding.UTF8.GetString(body));
        Assert.Equal(After.Length, Headers.ContentLength);
        Assert.Equal("W/\"1\"", Headers.ETag);
        Assert.False(Headers.ContainsKey("Content-Digest"));
        Assert.False(Headers.ContainsKey("Accept-Ranges"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task EncodedBody_IsDecodedAndSaysSo(string coding)
    {
        Headers.ContentEncoding = coding;

        var body = await RewriteAsync(new ByteArrayContent(Encode(Encoding.UTF8.GetBytes(Before), coding)));

        Assert.Equal(After, Encoding.UTF8.GetString(body));
        Assert.False(Headers.ContainsKey("Content-Encoding"));
        Assert.Null(Headers.ContentLength);
    }

    [Fact]
    public async Task UnknownEncoding_GoesThroughAsItIs()
    {
        Headers.ContentEncoding = "zstd";

        var body = await RewriteAsync(new ByteArrayContent(Encoding.UTF8.GetBytes(Before)));

        Assert.Equal(Before, Encoding.UTF8.GetString(body));
        Assert.Equal("zstd", Headers.ContentEncoding);
        Assert.Equal(Before.Length, Headers.ContentLength);
    }

    [Fact]
    public async Task BodyLongerThanTheLimit_GoesThroughUnread()
    {
        var body = await RewriteAsync(new ByteArrayContent(Encoding.UTF8.GetBytes(Before)), limit: 8);

        Assert.Equal(Before, Encoding.UTF8.GetString(body));
    }

    [Theory]
    [InlineData("", 1)]
    // One piece, and its end.
    [InlineData("gzip", 2)]
    public async Task TimeOfTheRules_IsToldToTheExchange(string coding, int looks)
    {
        Headers.ContentEncoding = coding;
        var body = Encoding.UTF8.GetBytes(Before);

        await RewriteAsync(new ByteArrayContent(coding.Length == 0 ? body : Encode(body, coding)));

        Assert.Equal(looks * ImpatientTime.Step, _exchange.RewritingTime);
    }

    [Fact]
    public async Task NotModified_IsLeftAlone()
    {
        _exchange.Context.Response.StatusCode = StatusCodes.Status304NotModified;
        Headers.ETag = "\"1\"";

        await RewriteAsync(new ByteArrayContent([]));

        Assert.Equal("\"1\"", Headers.ETag);
    }

    private async Task<byte[]> RewriteAsync(HttpContent content, int limit = 1024)
    {
        var options = new WidgetExchange.FixedOptions(new McpProxyOptions { MaxInspectedBody = limit });
        var rewriting = new ResponseRewriting(
            [new MessageRewriting([new RenameOld()], options)],
            new OAuthHeaders(new OAuthPaths()),
            new EventStreamKeepAlive(options, TimeProvider.System),
            new EndpointVisit(options),
            new ImpatientTime()
        );
        _exchange.Context.Response.ContentType = "application/json";
        Headers.ContentLength = content.Headers.ContentLength;
        using var response = new HttpResponseMessage(HttpStatusCode.OK);
        response.Content = content;

        await rewriting.For(_exchange).ApplyAsync(_exchange.Context, response, TestContext.Current.CancellationToken);

        return await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static byte[] Encode(byte[] body, string coding)
    {
        using var encoded = new MemoryStream();
        using (
            Stream encoder = coding switch
            {
                "gzip" => new GZipStream(encoded, CompressionLevel.Fastest),
                "br" => new BrotliStream(encoded, CompressionLevel.Fastest),
                _ => new ZLibStream(encoded, CompressionLevel.Fastest),
            }
        )
        {
            encoder.Write(body);
        }

        return encoded.ToArray();
    }

    /// <summary>A clock that goes on by the same step whenever it is looked at.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += Step.Ticks;
    }
}
