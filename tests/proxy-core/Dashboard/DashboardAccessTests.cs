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

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task CallersOfTheProxy_GetNoDashboard()
    {
        await using var bed = await DashboardBed.StartAsync();

        using var response = await bed.Caller.GetAsync($"/api/v1/status?t={bed.Key.Token}", Cancelled);

        Assert.False(response.Headers.Contains("Set-Cookie"));
        Assert.False(response.Headers.Contains("Content-Security-Policy"));
    }
}
