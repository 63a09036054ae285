using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Access;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Access;

public sealed class KeyInQueryTests
{
    private const string Key = "0123456789abcdef";

    [Theory]
    [InlineData("/sse?auth_key=0123456789abcdef", "/sse")]
    [InlineData("/sse?a=1&auth_key=0123456789abcde%66&b=%2F", "/sse?a=1&b=%2F")]
    public void KeyThatFits_IsTakenOutOfTheRequest(string target, string rest)
    {
        var request = RequestFor(target);

        Assert.True(new ApiKeys([Key]) { AcceptsQuery = true }.Admit(request));
        Assert.Equal(rest, request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        Assert.DoesNotContain("auth_key", request.QueryString.Value ?? string.Empty, StringComparison.Ordinal);
        Assert.StartsWith("auth_key=0123", KeyInQuery.Of(request.HttpContext), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sse", true)]
    [InlineData("/sse?auth_key=", true)]
    [InlineData("/sse?auth_key=0123456789abcdeg", true)]
    [InlineData("/sse?xauth_key=0123456789abcdef", true)]
    [InlineData("/sse?auth_key=0123456789abcdef", false)]
    public void AnythingElse_StaysWhereItIs(string target, bool isAccepted)
    {
        var request = RequestFor(target);

        Assert.False(new ApiKeys([Key]) { AcceptsQuery = isAccepted }.Admit(request));
        Assert.Equal(target, request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
    }

    private static HttpRequest RequestFor(string target)
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        return context.Request;
    }
}
