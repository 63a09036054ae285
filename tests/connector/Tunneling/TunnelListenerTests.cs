using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Tunnel.Connector.Tunneling;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Connector.Tests.Tunneling;

public sealed class TunnelListenerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Listener_BindsItsOwnEndPointOnly()
    {
        await using var listener = new TunnelListener();

        Assert.True(listener.CanBind(listener.EndPoint));
        Assert.False(listener.CanBind(new IPEndPoint(IPAddress.Loopback, 5100)));
        Assert.Same(listener, await listener.BindAsync(listener.EndPoint, Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task OfferedConnections_AreAcceptedInOrder()
    {
        await using var listener = new TunnelListener();
        var first = new WatchedConnection();
        var second = new WatchedConnection();
        var accepting = listener.AcceptAsync(Token);
        var acceptedEarly = accepting.IsCompleted;

        await listener.OfferAsync(first, Token);
        await listener.OfferAsync(second, Token);

        Assert.False(acceptedEarly);
        Assert.Same(first, await accepting);
        Assert.Same(second, await listener.AcceptAsync(Token));
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task Unbound_EndsAcceptingAndTakesNoOffers()
    {
        await using var listener = new TunnelListener();
        var accepting = listener.AcceptAsync(Token);

        await listener.UnbindAsync(Token);

        Assert.Null(await accepting);
        await Assert.ThrowsAsync<ChannelClosedException>(() => listener.OfferAsync(new WatchedConnection(), Token).AsTask());
    }

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WaitingConnections_AreDisposedWithTheListener()
    {
        var listener = new TunnelListener();
        var waiting = new WatchedConnection();
        await listener.OfferAsync(waiting, Token);

        await listener.DisposeAsync();

        Assert.True(waiting.IsDisposed);
        Assert.Null(await listener.AcceptAsync(Token));
    }

    private sealed class WatchedConnection : DefaultConnectionContext
    {
        public bool IsDisposed { get; private set; }

        public override ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return base.DisposeAsync();
        }
    }
}
