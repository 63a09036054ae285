using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Pages;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Pages;

public sealed class PageRequestTests
{
    private const string Chromium = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

    [Theory]
    [InlineData("GET", Chromium, "navigate", true)]
    [InlineData("GET", Chromium, null, true)]
    [InlineData("GET", "text/html", null, true)]
    [InlineData("GET", " TEXT/HTML, */*", null, true)]
    [InlineData("GET", Chromium, "cors", false)]
    [InlineData("GET", Chromium, "no-cors", false)]
    [InlineData("GET", "application/json, text/html", null, false)]
    [InlineData("GET", "text/event-stream", null, false)]
    [InlineData("GET", "text/event-stream, text/html", "navigate", false)]
    [InlineData("GET", "*/*", "navigate", false)]
    [InlineData("GET", null, "navigate", false)]
    [InlineData("HEAD", Chromium, "navigate", false)]
    [InlineData("POST", Chromium, "navigate", false)]
    public void Visit_IsSomebodyWhoOpensTheUrl(string method, string? accept, string? mode, bool expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Headers.Accept = accept;
        request.Headers["Sec-Fetch-Mode"] = mode;

        Assert.Equal(expected, PageRequest.IsVisit(request));
    }
}
