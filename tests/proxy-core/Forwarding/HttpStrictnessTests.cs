using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class HttpStrictnessTests
{
    [Fact]
    public void SoundRequest_HasNoFault()
    {
        var request = Request(("Host", "h"), ("Content-Length", "12"), ("X-A!#$%&'*+-.^_`|~9", "anything (goes)"), (":path", "/"));

        Assert.Null(HttpStrictness.FindFault(request));
    }

    [Fact]
    public void ChunkedRequest_HasNoFault()
    {
        Assert.Null(HttpStrictness.FindFault(Request(("Transfer-Encoding", "chunked"))));
    }

    [Theory]
    [InlineData("X A")]
    [InlineData("X\tA")]
    [InlineData("X(A)")]
    [InlineData("X\u00e4")]
    [InlineData("Content-Length ")]
    [InlineData("X\0")]
    [InlineData("X\"")]
    [InlineData("X:Y")]
    public void HeaderNameThatIsNoToken_IsAFault(string name)
    {
        Assert.Contains("header name", HttpStrictness.FindFault(Request((name, "1"))), StringComparison.Ordinal);
    }

    [Fact]
    public void ContentLengthThatTheServerPutAside_IsAFaultWithTransferEncoding()
    {
        var request = Request(("X-Content-Length", "5"), ("Transfer-Encoding", "chunked"));

        Assert.Contains("Transfer-Encoding", HttpStrictness.FindFault(request), StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderOfThatNameAlone_IsNoFault()
    {
        Assert.Null(HttpStrictness.FindFault(Request(("X-Content-Length", "5"), ("Content-Length", "5"))));
    }

    private static HttpRequest Request(params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return request;
    }
}
