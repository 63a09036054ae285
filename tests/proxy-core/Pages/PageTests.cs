using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Pages;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Pages;

public sealed class PageTests
{
    private const string Hostile = "<script>alert('\"&</script>";

    [Fact]
    public void Policy_AllowsTheStyleAndNothingElse()
    {
        var headers = new DefaultHttpContext().Response.Headers;

        Page.WriteHeaders(headers);

        var page = Encoding.UTF8.GetString(Page.Write("Title", "<p>x</p>"));
        var style = page.Split("<style>")[1].Split("</style>")[0];
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            headers.ContentSecurityPolicy
        );
        Assert.DoesNotContain("style=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
    }

    [Fact]
    public void EndpointPage_TellsEveryClientTheUrl()
    {
        var page = EndpointOf("https://brave-otter.tunnel.example.com", "/mcp", server: null);

        Assert.Contains("<pre class=\"url\">https://brave-otter.tunnel.example.com/mcp</pre>", page, StringComparison.Ordinal);
        Assert.Contains(
            "claude mcp add --transport http brave-otter https://brave-otter.tunnel.example.com/mcp",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "&quot;brave-otter&quot;: { &quot;url&quot;: &quot;https://brave-otter.tunnel.example.com/mcp&quot; }",
            page,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain("your own machine", page, StringComparison.Ordinal);
        Assert.DoesNotContain("sign in", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:3000")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://[::1]:3000")]
    [InlineData("http://brave-otter.localhost:5100")]
    public void EndpointPage_SaysWhereTheUrlDoesNotWork(string origin)
    {
        Assert.Contains("your own machine", EndpointOf(origin, "/files/mcp", "files"), StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_EncodeWhatOthersSaid()
    {
        Assert.DoesNotContain("<script>", EndpointOf("https://a.example", "/" + Hostile, Hostile), StringComparison.Ordinal);
        var error = ErrorPage.Write(ErrorCatalog.UpstreamUnreachable, ErrorSource.Connector, Hostile, Hostile);
        Assert.DoesNotContain("<script>", Encoding.UTF8.GetString(error), StringComparison.Ordinal);
    }

    [Fact]
    public void ErrorPage_ShowsWhereItStopped()
    {
        Assert.Contains("<li class=\"broken\">Relay<br>", ErrorOf(ErrorCatalog.WrongHost, ErrorSource.Edge), StringComparison.Ordinal);
        Assert.Contains("<li class=\"broken\">mcpr<br>", ErrorOf(ErrorCatalog.TunnelOffline, ErrorSource.Edge), StringComparison.Ordinal);
        Assert.Contains(
            "<li>You</li><li>mcpr</li><li class=\"broken\">MCP server<br>",
            ErrorOf(ErrorCatalog.UpstreamUnreachable, ErrorSource.Connector),
            StringComparison.Ordinal
        );
    }

    private static string EndpointOf(string origin, string path, string? server) =>
        Encoding.UTF8.GetString(EndpointPage.Write(origin, path, server, wantsLogin: false));

    private static string ErrorOf(ProxyError error, ErrorSource source) =>
        Encoding.UTF8.GetString(ErrorPage.Write(error, source, detail: null, "0HN:1"));
}
