using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Dashboard.Access;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Dashboard.Access;

public sealed class DashboardGateTests
{
    [Theory]
    [InlineData("/requests", "/requests")]
    [InlineData("//evil.example/x", "/evil.example/x")]
    [InlineData("/\\evil.example", "/evil.example")]
    [InlineData("/a\r\nb", "/a%0D%0Ab")]
    public async Task WayWithoutTheToken_StaysHere(string path, string location)
    {
        var key = new DashboardKey();
        var context = new DefaultHttpContext();
        context.Request.Method = "GET";
        context.Request.Path = path;
        context.Request.QueryString = QueryString.Create("t", key.Token);
        context.Request.Host = new HostString("127.0.0.1", 4040);

        await new DashboardGate(_ => throw new Xunit.Sdk.XunitException("it went on"), key, new AllowedHosts([])).InvokeAsync(context);

        Assert.Equal(location, context.Response.Headers.Location);
    }
}
