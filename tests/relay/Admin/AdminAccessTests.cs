using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Admin;
using Tunnel.Relay.Configuration;
using Xunit;

namespace Tunnel.Relay.Tests.Admin;

public sealed class AdminAccessTests
{
    private const string Token = "0123456789abcdef";

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1", null)]
    [InlineData("::1", "::1", null)]
    [InlineData("::ffff:127.0.0.1", "::ffff:127.0.0.1", null)]
    [InlineData("10.0.0.7", "10.0.0.8", 403)]
    [InlineData("127.0.0.1", "10.0.0.8", 403)]
    [InlineData("10.0.0.7", "10.0.0.7", 403)]
    public void WithoutAToken_OnlyThisMachineGivesCommands(string here, string there, int? expected)
    {
        Assert.Equal(expected, StatusFor(token: null, here, there));
    }

    [Theory]
    [InlineData("Bearer " + Token, null)]
    [InlineData("bearer " + Token, null)]
    [InlineData("Bearer 0123456789abcdeX", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Basic " + Token, 401)]
    [InlineData(Token, 401)]
    [InlineData("", 401)]
    public void WithAToken_WhoeverShowsItGivesCommands(string authorization, int? expected)
    {
        Assert.Equal(expected, StatusFor(Token, "10.0.0.7", "10.0.0.8", ("Authorization", authorization)));
        Assert.Equal(expected, StatusFor(Token, "127.0.0.1", "127.0.0.1", ("Authorization", authorization)));
    }

    [Theory]
    [InlineData("Origin", "http://localhost:5173")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    public void PagesInBrowsers_GiveNoCommands(string header, string value)
    {
        Assert.Equal(403, StatusFor(token: null, "127.0.0.1", "127.0.0.1", (header, value)));
        Assert.Equal(403, StatusFor(Token, "127.0.0.1", "127.0.0.1", (header, value), ("Authorization", "Bearer " + Token)));
    }

    private static int? StatusFor(string? token, string here, string there, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.LocalIpAddress = IPAddress.Parse(here);
        context.Connection.RemoteIpAddress = IPAddress.Parse(there);
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        var access = new AdminAccess(new RelayOptions { AdminToken = Encoding.UTF8.GetBytes(token ?? string.Empty) });
        return access.FindObstacle(context)?.Status;
    }
}
