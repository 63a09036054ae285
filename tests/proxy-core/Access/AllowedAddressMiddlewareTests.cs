using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Proxy;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Access;

public sealed class AllowedAddressMiddlewareTests
{
    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("::ffff:192.0.2.7", true)]
    [InlineData("192.0.3.7", false)]
    [InlineData("2001:db8::7", true)]
    [InlineData("2001:db9::7", false)]
    [InlineData("::1", false)]
    [InlineData(null, false)]
    public async Task Caller_IsJudgedByTheAddressOfItsConnection(string? address, bool isAllowed)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = address is null ? null : IPAddress.Parse(address);
        context.Request.Headers["X-Forwarded-For"] = "192.0.2.7";

        var reached = await RunAsync(context, IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("2001:db8::/32"));

        Assert.Equal(isAllowed, reached);
        Assert.Equal(isAllowed ? 200 : 403, context.Response.StatusCode);
        Assert.Equal(isAllowed ? "" : "E7202", context.Response.Headers["mcpr-error"].ToString());
    }

    [Fact]
    public async Task WithoutAList_AnybodyMayCall()
    {
        Assert.True(await RunAsync(new DefaultHttpContext()));
    }

    private static async Task<bool> RunAsync(HttpContext context, params IPNetwork[] networks)
    {
        var reached = false;
        using var services = new ServiceCollection()
            .Configure<McpProxyOptions>(options => options.AllowedNetworks = networks)
            .BuildServiceProvider();
        var middleware = new AllowedAddressMiddleware(
            _ =>
            {
                reached = true;
                return Task.CompletedTask;
            },
            services.GetRequiredService<IOptionsMonitor<McpProxyOptions>>(),
            new CallRefuser([], TimeProvider.System)
        );
        await middleware.InvokeAsync(context);
        return reached;
    }
}
