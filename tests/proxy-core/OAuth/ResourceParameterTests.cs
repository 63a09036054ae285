using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.OAuth;
using Xunit;

namespace Tunnel.ProxyCore.Tests.OAuth;

public sealed class ResourceParameterTests
{
    private const string Own = "http://127.0.0.1:9000/mcp";
    private const string Public = "https%3A%2F%2Fotter.example.com%2Fmcp";
    private const string Localized = "http%3A%2F%2F127.0.0.1%3A9000%2Fmcp";

    private readonly ResourceNames _names = new();

    public ResourceParameterTests()
    {
        _names.Add("http://localhost:9000", Own);
    }

    [Theory]
    [InlineData("/authorize?a=%7E&resource=" + Public + "&resource=x&&b", "/authorize?a=%7E&resource=" + Localized + "&resource=x&&b")]
    [InlineData("/authorize?xresource=" + Public, "/authorize?xresource=" + Public)]
    [InlineData("/authorize?resource=" + Public + "2", "/authorize?resource=" + Public + "2")]
    [InlineData("/authorize?resource=https%3A%2F%2Fother.example.com%2Fmcp", "/authorize?resource=https%3A%2F%2Fother.example.com%2Fmcp")]
    [InlineData("/authorize?resource", "/authorize?resource")]
    [InlineData("/authorize", "/authorize")]
    public async Task Query_NamesTheResourceAsTheServerDoes(string target, string expected)
    {
        var exchange = Exchanges.Of("/authorize");

        Assert.Equal(expected, await Parameter().LocalizeAsync(exchange, target));
    }

    [Fact]
    public async Task Form_NamesTheResourceAsTheServerDoes()
    {
        var exchange = Form("/token", $"grant_type=refresh_token&resource={Public}&x=%C3%A9\u00e9");

        Assert.Equal("/token", await Parameter().LocalizeAsync(exchange, "/token"));

        using var reader = new StreamReader(exchange.Context.Request.Body, Encoding.Latin1);
        var form = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"grant_type=refresh_token&resource={Localized}&x=%C3%A9\u00e9", form);
        Assert.Equal(form.Length, exchange.Context.Request.ContentLength);
    }

    [Fact]
    public async Task OtherPathsAndUnknownResources_AreLeftAlone()
    {
        var other = Form("/upload", $"resource={Public}");
        var body = other.Context.Request.Body;

        Assert.Equal($"/upload?resource={Public}", await Parameter().LocalizeAsync(other, $"/upload?resource={Public}"));
        Assert.Same(body, other.Context.Request.Body);
        Assert.Null(new ResourceNames().Find("http://localhost:9000", PublicUrls.Of(other), "https://otter.example.com/mcp"));
        Assert.Null(_names.Find("http://localhost:9001", PublicUrls.Of(other), "https://otter.example.com/mcp"));
    }

    [Fact]
    public async Task FormThatBreaksOff_IsTheCallersFault()
    {
        var exchange = Form("/token", "resource=x");
        exchange.Context.Request.ContentLength = 100;

        await Assert.ThrowsAsync<EndOfStreamException>(async () => await Parameter().LocalizeAsync(exchange, "/token"));
    }

    private ResourceParameter Parameter() => new(new OAuthPaths(), _names);

    private static Tunnel.ProxyCore.Rewriting.ExchangeScope Form(string path, string form) =>
        Exchanges.Of(
            path,
            context =>
            {
                context.Request.Method = HttpMethods.Post;
                context.Request.ContentType = "application/x-www-form-urlencoded";
                context.Request.Body = new MemoryStream(Encoding.Latin1.GetBytes(form));
                context.Request.ContentLength = context.Request.Body.Length;
            }
        );
}
