using System.Net;
using Tunnel.Connector.Remote;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Remote;

public sealed class LoginWindowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Redirect_CountsWithItsStateOnly()
    {
        List<string> said = [];
        await using var way = await new LoginWindow(port: 0, opensBrowser: false, said.Add).OpenAsync(Cancellation);
        using var http = new HttpClient();
        Assert.Equal("127.0.0.1", way.RedirectUri.Host);

        var back = way.ShowAsync(new Uri("https://login.example/authorize?a=b"), "right", Cancellation);
        using var forged = await http.GetAsync(new Uri($"{way.RedirectUri}?code=forged&state=wrong"), Cancellation);
        using var elsewhere = await http.GetAsync(new Uri(way.RedirectUri, "/?code=forged&state=right"), Cancellation);
        using var ours = await http.GetAsync(new Uri($"{way.RedirectUri}?code=c&state=right"), Cancellation);

        Assert.Equal("code=c&state=right", await back);
        Assert.Equal(HttpStatusCode.NotFound, forged.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
        Assert.Equal(HttpStatusCode.OK, ours.StatusCode);
        Assert.Contains("https://login.example/authorize?a=b", Assert.Single(said), StringComparison.Ordinal);
    }
}
