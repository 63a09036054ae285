using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Access;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Access;

public sealed class LoginTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenOfAViewer_BecomesACookieThatScriptsCannotRead()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);

        using var entered = await EnterAsync(bed, viewer, "/requests?since=6h", ("Origin", bed.Origin));

        Assert.Equal(HttpStatusCode.SeeOther, entered.StatusCode);
        Assert.Equal("/requests?since=6h", entered.Headers.Location?.OriginalString);
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        using var status = await bed.SendAsync(
            HttpMethod.Get,
            "/api/v1/status",
            Cancellation,
            content: null,
            ("Cookie", cookie.Split(';')[0])
        );
        Assert.Equal(HttpStatusCode.OK, status.StatusCode);
    }

    [Theory(Timeout = TestLimits.DefaultMilliseconds)]
    [InlineData(null, null)]
    [InlineData("Origin", "http://evil.localhost")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task FormOfAnotherPage_SignsNobodyIn(string? header, string? value)
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var viewer = await bed.AddAsync("acme", TeamRole.Viewer, Cancellation);

        using var refused = await EnterAsync(bed, viewer, "/", header is null ? [] : [(header, value!)]);
        using var left = await bed.SendAsync(
            HttpMethod.Post,
            "/logout",
            Cancellation,
            content: null,
            header is null ? [] : [(header, value!)]
        );

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, left.StatusCode);
        Assert.All([refused, left], response => Assert.False(response.Headers.Contains("Set-Cookie")));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task TokenThatMayNotLook_IsToldAndIsOnNoPage()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);
        var sender = await bed.AddAsync("acme", TeamRole.Sender, Cancellation);
        var unknown = MemberToken.New();

        using var ofSender = await EnterAsync(bed, sender, "/\"><script>", ("Sec-Fetch-Site", "same-origin"));
        using var ofNobody = await EnterAsync(bed, unknown, "/", ("Sec-Fetch-Site", "same-origin"));

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (ofSender.StatusCode, ofNobody.StatusCode));
        var pages = await ofSender.Content.ReadAsStringAsync(Cancellation) + await ofNobody.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain(sender, pages, StringComparison.Ordinal);
        Assert.DoesNotContain(unknown, pages, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", pages, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task SigningOut_TakesTheCookieAway()
    {
        await using var bed = await TeamBed.StartAsync(Cancellation);

        using var left = await bed.SendAsync(HttpMethod.Post, "/logout", Cancellation, content: null, ("Origin", bed.Origin));

        Assert.Equal(HttpStatusCode.SeeOther, left.StatusCode);
        Assert.StartsWith("mcpr-team=;", Assert.Single(left.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/requests?open=1", "/requests?open=1")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("requests", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("/\t/evil.example", "/")]
    [InlineData("/a\r\nSet-Cookie: a=b", "/")]
    [InlineData("https://evil.example", "/")]
    public void Next_LeadsNowhereElse(string? wanted, string expected)
    {
        Assert.Equal(expected, LoginEndpoint.NextOf(wanted));
    }

    [Fact]
    public void Address_MayTryTenTimesAMinute()
    {
        var time = new ManualTimeProvider();
        var limit = new LoginLimit(time);
        var (one, other) = (IPAddress.Parse("192.0.2.1"), IPAddress.Parse("198.51.100.1"));
        Assert.All(Enumerable.Range(0, LoginLimit.Attempts), _ => Assert.True(limit.TryEnter(one)));

        Assert.False(limit.TryEnter(one));
        Assert.True(limit.TryEnter(other));
        time.Advance(LoginLimit.Period);
        Assert.True(limit.TryEnter(one));
    }

    [Fact]
    public void CookieWithTls_IsBoundToTheHost()
    {
        var context = new DefaultHttpContext();

        new TeamCookie(new RelayOptions { PublicUrl = new Uri("https://tunnel.example.com") }).Write(context.Response, "secret");

        var cookie = context.Response.Headers.SetCookie.ToString();
        Assert.StartsWith("__Host-mcpr-team=secret;", cookie, StringComparison.Ordinal);
        Assert.Contains("path=/;", cookie, StringComparison.Ordinal);
        Assert.Contains("secure;", cookie, StringComparison.Ordinal);
        Assert.DoesNotContain("domain=", cookie, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> EnterAsync(
        TeamBed bed,
        string token,
        string next,
        params (string Name, string Value)[] headers
    ) =>
        bed.SendAsync(
            HttpMethod.Post,
            "/login",
            Cancellation,
            new FormUrlEncodedContent([new("token", token), new("next", next)]),
            headers
        );
}
