using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Dashboard.Pages;
using Tunnel.ProxyCore.Dashboard.Studio;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Studio;

public sealed class WidgetSandboxTests
{
    private const string Page = "http://127.0.0.1:4040";

    [Fact]
    public async Task Frame_HasThePolicy_AndIsForThatPageOnly()
    {
        var response = await GetAsync("/sandbox", ("policy", "default-src 'none'; img-src data:"), ("page", Page));

        Assert.Equal(200, response.StatusCode);
        Assert.Equal($"frame-ancestors {Page}; default-src 'none'; img-src data:", response.Headers.ContentSecurityPolicy);
    }

    [Theory]
    [InlineData("", Page)]
    [InlineData("img-src data:\r\nset-cookie: a=b", Page)]
    [InlineData("img-src é", Page)]
    [InlineData("img-src data:", "https://evil.example")]
    [InlineData("img-src data:", "null")]
    [InlineData("img-src data:", "")]
    [InlineData("img-src data:", "http://127.0.0.1:3000")]
    [InlineData("img-src data:", "http://localhost:4040")]
    [InlineData("img-src data:", "http://widgets-1x2y.localhost:4040")]
    public async Task UnsoundPolicyOrForeignPage_IsRefused(string policy, string page)
    {
        Assert.Equal(StatusCodes.Status400BadRequest, (await GetAsync("/sandbox", ("policy", policy), ("page", page))).StatusCode);
    }

    [Fact]
    public async Task PageAtTheSandboxsHost_IsSentOnToWherePagesAre()
    {
        var response = await GetAsync("/requests", ("t", "abc"));

        Assert.Equal(StatusCodes.Status302Found, response.StatusCode);
        Assert.Equal("http://127.0.0.1:4040/requests?t=abc", response.Headers.Location);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("widgets-1x2y.localhost")]
    [InlineData("WIDGETS-1x2y.LOCALHOST")]
    public async Task FetchOfAWidgetToItsOwnOrigin_FindsNothing(string host)
    {
        var context = NewContext("/api/v1/overview");
        context.Request.Host = new HostString(host, 4040);
        context.Request.Headers["Sec-Fetch-Dest"] = "empty";

        await NewSandbox().InvokeAsync(context);

        Assert.Equal(StatusCodes.Status404NotFound, context.Response.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    [InlineData("notlocalhost")]
    public async Task PagesElsewhere_AreNotItsBusiness(string host)
    {
        var context = NewContext("/requests");
        context.Request.Host = new HostString(host, 4040);
        var wentOn = false;

        await NewSandbox(_ => wentOn = true).InvokeAsync(context);

        Assert.True(wentOn);
    }

    private static async Task<HttpResponse> GetAsync(string path, params (string Name, string Value)[] query)
    {
        var context = NewContext(path);
        context.Request.QueryString = QueryString.Create(query.Select(one => KeyValuePair.Create<string, string?>(one.Name, one.Value)));
        await NewSandbox().InvokeAsync(context);
        return context.Response;
    }

    private static WidgetSandbox NewSandbox(Action<HttpContext>? next = null) =>
        new(
            context =>
            {
                (next ?? throw new Xunit.Sdk.XunitException("it went on"))(context);
                return Task.CompletedTask;
            },
            new PageAssets(),
            new AllowedHosts([])
        );

    private static DefaultHttpContext NewContext(string path)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Request.Host = new HostString("localhost", 4040);
        context.Connection.LocalIpAddress = IPAddress.Loopback;
        return context;
    }
}
