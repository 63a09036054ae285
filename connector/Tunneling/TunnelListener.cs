using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Tunnel.Connector.Tunneling;

/// <summary>A Kestrel listener whose connections were dialled out: <see cref="DataPlane"/> dials, Kestrel accepts.</summary>
internal sealed class TunnelListener : IConnectionListenerFactory, IConnectionListenerFactorySelector, IConnectionListener
{
    // Bounded: Kestrel accepts at once, so more than a few waiting means that it has stopped.
    private const int MaxWaiting = 16;

    private readonly Channel<ConnectionContext> _dialled = Channel.CreateBounded<ConnectionContext>(MaxWaiting);

    public EndPoint EndPoint { get; } = new TunnelEndPoint();

    public bool CanBind(EndPoint endpoint) => endpoint is TunnelEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(this);

    /// <summary>Hands a dialled connection to Kestrel, which owns it from then on.</summary>
    /// <exception cref="ChannelClosedException">Kestrel is stopping.</exception>
    public ValueTask OfferAsync(ConnectionContext connection, CancellationToken cancellationToken) =>
        _dialled.Writer.WriteAsync(connection, cancellationToken);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _dialled.Reader.WaitToReadAsync(cancellationToken) && _dialled.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _dialled.Writer.TryComplete();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _dialled.Writer.TryComplete();
        while (_dialled.Reader.TryRead(out var connection))
        {
            await connection.DisposeAsync();
        }
    }
}
