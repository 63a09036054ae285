using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Tunnel.Connector.Tunneling;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

public sealed class ProbeMiddlewareTests : IAsyncDisposable
{
    private readonly DefaultConnectionContext _connection = new();
    private readonly DefaultHttpContext _context = new();
    private bool _wentOn;

    public ProbeMiddlewareTests()
    {
        _context.Features.Set<IConnectionItemsFeature>(_connection);
    }

    [Fact]
    public async Task Probe_IsAnsweredAndTold()
    {
        var probed = ProbeMiddleware.WhenProbed(_connection);
        _context.Request.Host = new HostString("probe.invalid");

        await InvokeAsync();

        Assert.Equal(204, _context.Response.StatusCode);
        Assert.True(probed.IsCompletedSuccessfully);
        Assert.False(_wentOn);
    }

    [Theory]
    [InlineData("otter.tunnel.example.com")]
    [InlineData("probe.invalid:80")]
    public async Task AnyOtherRequest_GoesOn(string host)
    {
        var probed = ProbeMiddleware.WhenProbed(_connection);
        _context.Request.Host = new HostString(host);

        await InvokeAsync();

        Assert.True(_wentOn);
        Assert.False(probed.IsCompleted);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private Task InvokeAsync() =>
        new ProbeMiddleware(_ =>
        {
            _wentOn = true;
            return Task.CompletedTask;
        }).InvokeAsync(_context);
}
