using Tunnel.ProxyCore.Forwarding;
using Tunnel.Tests;
using Tunnel.Tests.Origins;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class RequestTargetTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a%2Fb/./../c//d?x=%20&x", "/a%2Fb/./../c//d?x=%20&x")]
    [InlineData("//x", "//x")]
    [InlineData("/a#b", "/a#b")]
    [InlineData("/http://h/x", "/http://h/x")]
    [InlineData("http://h", "/")]
    [InlineData("http://h:1/", "/")]
    [InlineData("http://h:1/a/./b?c=/d", "/a/./b?c=/d")]
    [InlineData("HTTPS://h//a", "//a")]
    [InlineData("http://h?a=/b", "/?a=/b")]
    public void TargetOfAResource_GivesOriginForm(string rawTarget, string expected)
    {
        Assert.Equal(expected, RequestTarget.OriginForm(rawTarget));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("")]
    [InlineData("h:443")]
    [InlineData("://h/")]
    public void TargetOfNoResource_GivesNone(string rawTarget)
    {
        Assert.Null(RequestTarget.OriginForm(rawTarget));
    }

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/a?", "/a")]
    [InlineData("/a%3Fb?token=secret?x", "/a%3Fb")]
    [InlineData("/?x", "/")]
    public void Path_EndsAtTheQuery(string originForm, string expected)
    {
        Assert.Equal(expected, RequestTarget.PathOf(originForm));
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/")]
    [InlineData("//x")]
    [InlineData("//x//y/")]
    [InlineData("/a%2Fb%2f/%C3%A9%zz%")]
    [InlineData("/a/./b/../c/..")]
    [InlineData("/%2e%2E/%2e/x")]
    [InlineData("/a?")]
    [InlineData("/a??b=c?&&=%20+")]
    [InlineData("/?x=/../y")]
    [InlineData("/a#b?c")]
    [InlineData("/a?b#c")]
    [InlineData("/a\\b|c{d}^`\"<>;=:@!$&'()*+,~[]")]
    [InlineData("/@evil.example/")]
    [InlineData("/:80/")]
    public async Task TargetAsUri_IsSentByteForByte(string target)
    {
        await using var origin = RawHttpOrigin.Start((_, connection) => connection.SendAsync("HTTP/1.1 204 No Content\r\n\r\n"));
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            RequestTarget.ToUri(origin.BaseAddress.GetLeftPart(UriPartial.Authority), target)
        );

        using var response = await client.SendAsync(request, Token);

        Assert.Equal($"GET {target} HTTP/1.1", origin.Requests[0].RequestLine);
        Assert.Equal($"127.0.0.1:{origin.Port}", origin.Requests[0].Header("Host"));
    }
}
