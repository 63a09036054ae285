using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Forwarding;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Forwarding;

public sealed class ForwardingHeadersTests
{
    [Theory]
    [InlineData("Forwarded", true)]
    [InlineData("fORWARDED", true)]
    [InlineData("X-Real-IP", true)]
    [InlineData("x-real-ip", true)]
    [InlineData("X-Forwarded-For", true)]
    [InlineData("x-forwarded-proto", true)]
    [InlineData("X-Forwarded-Anything", true)]
    [InlineData("X-Original-Host", true)]
    [InlineData("X-Original-URL", true)]
    [InlineData("X-Rewrite-URL", true)]
    [InlineData("Mcpr-Edge-Time", true)]
    [InlineData("mcpr-hold-time", true)]
    [InlineData("mcpr-edge-tide", false)]
    [InlineData("Host", false)]
    [InlineData("Origin", false)]
    [InlineData("Forwarder", false)]
    [InlineData("X-Forward-For", false)]
    [InlineData("X-Original", false)]
    [InlineData("Authorization", false)]
    [InlineData("", false)]
    public void Header_IsOneThatForgesTheCaller(string name, bool expected)
    {
        Assert.Equal(expected, ForwardingHeaders.IsForwardingHeader(name));
    }

    [Fact]
    public void Replace_LeavesNothingOfWhatTheCallerSays()
    {
        var request = Request();
        request.HttpContext.Connection.RemoteIpAddress = IPAddress.Loopback;
        request.Headers["X-Forwarded-For"] = "1.2.3.4";
        request.Headers["X-Forwarded-Prefix"] = "/x";
        request.Headers["X-Real-IP"] = "1.2.3.4";
        request.Headers["X-Hop"] = "1";
        request.Headers["X-Kept"] = "1";
        request.Headers.Connection = "x-hop, x-forwarded-for";

        ForwardingHeaders.Replace(request, "https");

        Assert.Equal("127.0.0.1", request.Headers["X-Forwarded-For"].ToString());
        Assert.Equal("https", request.Headers["X-Forwarded-Proto"].ToString());
        Assert.DoesNotContain(request.Headers, header => header.Key is "X-Forwarded-Prefix" or "X-Real-IP" or "X-Hop");
        Assert.Equal("1", request.Headers["X-Kept"].ToString());
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7", "for=192.0.2.7")]
    [InlineData("2001:db8::7", "2001:db8::7", "for=\"[2001:db8::7]\"")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7", "for=192.0.2.7")]
    [InlineData(null, "unknown", "for=unknown")]
    public void Write_NamesTheCaller(string? address, string client, string forwardedFor)
    {
        var request = Request();
        request.Host = new HostString("otter.example.com", 8443);
        request.HttpContext.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        request.Headers["X-Forwarded-For"] = "198.51.100.1";

        ForwardingHeaders.Write(request, "https");

        Assert.Equal(client, request.Headers["X-Forwarded-For"]);
        Assert.Equal("otter.example.com:8443", request.Headers["X-Forwarded-Host"]);
        Assert.Equal("https", request.Headers["X-Forwarded-Proto"]);
        Assert.Equal($"{forwardedFor};host=\"otter.example.com:8443\";proto=https", request.Headers["Forwarded"]);
    }

    [Fact]
    public void HeadersThatConnectionNames_AreRemoved()
    {
        var request = Request();
        request.Headers.Connection = new(["x-foo , X-Bar", "close"]);
        request.Headers["X-Foo"] = "1";
        request.Headers["X-Bar"] = "2";
        request.Headers["X-Other"] = "3";

        ForwardingHeaders.RemoveConnectionNominated(request);

        Assert.Equal(
            ["X-Other"],
            request.Headers.Keys.Where(name => name.StartsWith("X-", StringComparison.Ordinal)),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void HeadersThatFrameTheMessage_StayThoughConnectionNamesThem()
    {
        var request = Request();
        request.Headers.Connection = "host, content-length, Transfer-Encoding, x-foo, upgrade";
        request.Headers.Host = "h";
        request.Headers.ContentLength = 7;
        request.Headers.TransferEncoding = "chunked";
        request.Headers.Upgrade = "websocket";
        request.Headers["X-Foo"] = "1";

        ForwardingHeaders.RemoveConnectionNominated(request);

        Assert.Equal(
            ["Connection", "Content-Length", "Host", "Transfer-Encoding", "Upgrade"],
            request.Headers.Keys.Order(StringComparer.Ordinal),
            StringComparer.Ordinal
        );
    }

    [Fact]
    public void NoConnectionHeader_RemovesNothing()
    {
        var request = Request();
        request.Headers["X-Foo"] = "1";

        ForwardingHeaders.RemoveConnectionNominated(request);

        Assert.Equal("1", request.Headers["X-Foo"]);
    }

    [Theory]
    [InlineData("https://otter.example.com", "http://localhost:9000")]
    [InlineData("HTTPS://Otter.Example.com", "http://localhost:9000")]
    [InlineData("http://otter.example.com", "http://otter.example.com")]
    [InlineData("https://otter.example.com:444", "https://otter.example.com:444")]
    [InlineData("https://evil.example", "https://evil.example")]
    [InlineData("null", "null")]
    public void OwnOrigin_BecomesTheServersAndOthersStay(string origin, string expected)
    {
        var request = Request();
        request.Host = new HostString("otter.example.com");
        request.Headers.Origin = origin;
        request.Headers["X-Forwarded-Proto"] = "https";

        ForwardingHeaders.LocalizeOwnOrigin(request, CallerOrigin.Of(request, publicUrl: null), "http://localhost:9000");

        Assert.Equal(expected, request.Headers.Origin);
    }

    [Fact]
    public void NoOrigin_StaysAbsent()
    {
        var request = Request();
        request.Host = new HostString("otter.example.com");

        ForwardingHeaders.LocalizeOwnOrigin(request, CallerOrigin.Of(request, publicUrl: null), "http://localhost:9000");

        Assert.False(request.Headers.ContainsKey("Origin"));
    }

    private static HttpRequest Request() => new DefaultHttpContext().Request;
}
