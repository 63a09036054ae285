using System.Net;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard;

public sealed class DashboardAccessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Token_IsWorthOneVisit_AndAnotherOneTakesItsPlace()
    {
        await using var bed = await DashboardBed.StartAsync();
        var token = bed.Key.Token;
        string? next = null;
        bed.Key.Used = text => next = text;

        using var first = await bed.Stranger.GetAsync($"/?t={token}&page=tools", Cancelled);
        using var second = await bed.Stranger.GetAsync($"/?t={token}", Cancelled);
        using var known = await bed.Owner.GetAsync($"/?t={token}", Cancelled);

        Assert.Equal(HttpStatusCode.SeeOther, first.StatusCode);
        Assert.Equal("/?page=tools", first.Headers.Location!.OriginalString);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", cookie, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, known.StatusCode);
        Assert.Equal(bed.Key.Token, next, StringComparer.Ordinal);
        Assert.NotEqual(token, next, StringComparer.Ordinal);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/")]
    [InlineData("/api/v1/status")]
    [InlineData("/api/v1/stream")]
    [InlineData("/?t=")]
    [InlineData("/?t=x")]
    public async Task WithoutCookie_ThereIsNothing(string path)
    {
        await using var bed = await DashboardBed.StartAsync();

        using var response = await bed.Stranger.GetAsync(path, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("/", "open the URL that mcpr has printed last")]
    [InlineData("/requests?open=x", "open the URL that mcpr has printed last")]
    [InlineData("/?t=x", "this URL was used already")]
    public async Task VisitWithoutCookie_IsToldWhereTheUrlIs(string path, string problem)
    {
        await using var bed = await DashboardBed.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

        using var response = await bed.Stranger.SendAsync(request, Cancelled);
        var page = await response.Content.ReadAsStringAsync(Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains(problem, page, StringComparison.Ordinal);
        Assert.DoesNotContain(bed.Key.Token, page, StringComparison.Ordinal);
        Assert.Contains(
            "default-src 'none'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://localhost:3000")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task PagesOfOthers_AreRefused_WithTheCookieToo(string header, string value)
    {
        await using var bed = await DashboardBed.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/status");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await bed.Owner.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task PostWithoutTheHeader_IsRefused()
    {
        await using var bed = await DashboardBed.StartAsync();
        bed.Owner.DefaultRequestHeaders.Remove("mcpr-dashboard");

        using var response = await bed.Owner.PostAsync($"/api/v1/requests/{Guid.NewGuid()}/replay", new StringContent("{}"), Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task StudioWithoutTheHeader_IsRefused(string method)
    {
        await using var bed = await DashboardBed.StartAsync();
        bed.Owner.DefaultRequestHeaders.Remove("mcpr-dashboard");
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/studio/mcp?server=x");

        using var response = await bed.Owner.SendAsync(request, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallersOfTheProxy_GetNoDashboard()
    {
        await using var bed = await DashboardBed.StartAsync();

        using var response = await bed.Caller.GetAsync($"/api/v1/status?t={bed.Key.Token}", Cancelled);

        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.False(response.Headers.Contains("Content-Security-Policy"));
    }
}
