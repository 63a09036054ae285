using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Dashboard.Pages;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Pages;

public sealed class PagesEndpointTests
{
    private readonly PageAssets _assets = new();

    [Theory]
    [InlineData("/")]
    [InlineData("/requests")]
    [InlineData("/studio")]
    public async Task Page_HasAPolicyThatLetsNothingElseIn(string path)
    {
        var response = await GetAsync(path);

        var policy = response.Headers.ContentSecurityPolicy.ToString();
        Assert.Equal(200, response.StatusCode);
        Assert.StartsWith("default-src 'none'; script-src 'self' 'sha256-", policy, StringComparison.Ordinal);
        Assert.Contains("frame-src http://*.localhost:4040 http://localhost:4040;", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("no-cache", response.Headers.CacheControl);
    }

    [Fact]
    public async Task File_IsKeptForEver()
    {
        var response = await GetAsync(_assets.Root + "app/main.js");

        Assert.Equal("text/javascript; charset=utf-8", response.ContentType);
        Assert.Contains("immutable", response.Headers.CacheControl.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PageThatIsKnown_IsNotSentAgain()
    {
        var response = await GetAsync("/", ("If-None-Match", $"W/{_assets.Page.Tag}"));

        Assert.Equal(StatusCodes.Status304NotModified, response.StatusCode);
        Assert.Equal(0, response.Body.Length);
    }

    [Theory]
    [InlineData("/assets/0000000000000000/app/main.js")]
    [InlineData("/favicon.ico")]
    public async Task FileThatIsNotThere_Is404(string path)
    {
        Assert.Equal(StatusCodes.Status404NotFound, (await GetAsync(path)).StatusCode);
    }

    private async Task<HttpResponse> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Request.Host = new HostString("127.0.0.1", 4040);
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        await new PagesEndpoint(_assets).ServeAsync(context, "http://*.localhost:4040 http://localhost:4040");
        return context.Response;
    }
}
