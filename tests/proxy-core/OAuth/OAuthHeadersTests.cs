using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tunnel.ProxyCore.OAuth;
using Xunit;

namespace Tunnel.ProxyCore.Tests.OAuth;

public sealed class OAuthHeadersTests
{
    private readonly OAuthPaths _paths = new();

    [Fact]
    public void Challenges_AreTranslatedOneByOne()
    {
        var exchange = Exchanges.Of(
            "/mcp",
            context =>
                context.Response.Headers.WWWAuthenticate = new StringValues([
                    "Basic realm=\"http://localhost:9000\"",
                    "Bearer resource_metadata=\"http://localhost:9000/meta\"",
                    "Bearer resource_metadata=\"https://elsewhere.example/meta\"",
                ])
        );

        new OAuthHeaders(_paths).Translate(exchange);

        Assert.Equal(
            [
                "Basic realm=\"http://localhost:9000\"",
                "Bearer resource_metadata=\"https://otter.example.com/meta\"",
                "Bearer resource_metadata=\"https://elsewhere.example/meta\"",
            ],
            exchange.Context.Response.Headers.WWWAuthenticate.AsEnumerable(),
            StringComparer.Ordinal
        );
        Assert.True(_paths.IsDocument("/meta"));
    }

    [Theory]
    [InlineData("http://localhost:9000/login?next=http://localhost:9000/", "https://otter.example.com/login?next=http://localhost:9000/")]
    [InlineData("http://127.0.0.1:9000/", "https://otter.example.com/")]
    [InlineData("/login?code=1", "/login?code=1")]
    [InlineData(
        "https://accounts.example.com/?redirect_uri=http://localhost:9000/cb",
        "https://accounts.example.com/?redirect_uri=http://localhost:9000/cb"
    )]
    public void Redirect_OfTheServerToItself_IsTheCallers(string location, string expected)
    {
        Assert.Equal(expected, Redirect("/x", location));
    }

    [Theory]
    [InlineData("http://localhost:33418/callback?code=1&state=2", "http://localhost:33418/callback?code=1&state=2")]
    [InlineData("http://localhost:9000/callback?code=1&state=2", "http://localhost:9000/callback?code=1&state=2")]
    [InlineData("http://localhost:9000/callback#error=access_denied&state=2", "http://localhost:9000/callback#error=access_denied&state=2")]
    [InlineData("http://localhost:9000/callback?asked=1&code=1", "http://localhost:9000/callback?asked=1&code=1")]
    [InlineData(
        "app:/cb?code=1&state=a%2Fb&iss=http%3A%2F%2Flocalhost%3A9000%2F",
        "app:/cb?code=1&state=a%2Fb&iss=https%3A%2F%2Fotter.example.com%2F"
    )]
    [InlineData("app:/cb?code=1&iss=https%3a%2F%2Faccounts.example.com", "app:/cb?code=1&iss=https%3a%2F%2Faccounts.example.com")]
    public void Redirect_BackToTheClient_IsTheClientsButForTheIssuer(string location, string expected)
    {
        Assert.Equal(expected, Redirect("/authorize", location));
    }

    [Fact]
    public void PagesThatEndpointsSendTo_StayWithTheServer()
    {
        Redirect("/authorize", "http://localhost:9000/login?x=1");
        Redirect("/login", "/consent?x=1");
        Redirect("/other", "/elsewhere");

        Assert.All(["/login", "/consent"], path => Assert.True(_paths.IsEndpoint(path)));
        Assert.False(_paths.IsEndpoint("/elsewhere"));
    }

    private string Redirect(string path, string location)
    {
        var exchange = Exchanges.Of(
            path,
            context =>
            {
                context.Request.QueryString = new QueryString("?redirect_uri=http%3A%2F%2Flocalhost%3A9000%2Fcallback%3Fasked%3D1");
                context.Response.Headers.Location = location;
            }
        );
        new OAuthHeaders(_paths).Translate(exchange);
        return exchange.Context.Response.Headers.Location.ToString();
    }
}
