using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>
/// Bounds the connections that one address can have, from the first packet on: those that never finish a TLS handshake or a request
/// count like others. A connection on which a connector has logged in counts no more, nor do those of trusted proxies. All of them together
/// are bounded by the files that the process may open.
/// </summary>
internal sealed class ConnectionLimit(RelayOptions options, RelayMetrics metrics)
{
    private readonly ConcurrencyLimit _open = new(options.Limits.ConnectionsPerAddress);
    private int _all;

    /// <summary>Connections of everybody together.</summary>
    public int Most { get; init; } = OpenFiles.RoomForConnections();

    public void AddTo(ListenOptions listen) => listen.Use(next => connection => RunAsync(connection, next));

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            if (Interlocked.Increment(ref _all) > Most)
            {
                Refuse(connection, "too many connections");
                return;
            }

            await RunForAddressAsync(connection, next);
        }
        finally
        {
            Interlocked.Decrement(ref _all);
        }
    }

    private async Task RunForAddressAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (KeyOf(connection.RemoteEndPoint) is not { } address)
        {
            await next(connection);
            return;
        }

        if (!_open.TryEnter(address))
        {
            Refuse(connection, "too many connections from this address");
            return;
        }

        var share = new ConnectionShare(() => _open.Leave(address));
        connection.Features.Set(share);
        try
        {
            await next(connection);
        }
        finally
        {
            share.GiveBack();
        }
    }

    private void Refuse(ConnectionContext connection, string reason)
    {
        metrics.ConnectionRefused();
        connection.Abort(new ConnectionAbortedException(reason));
    }

    private int? KeyOf(EndPoint? remote)
    {
        if (remote is not IPEndPoint { Address: var address })
        {
            return null;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return options.TrustedProxies.Any(network => network.Contains(plain)) ? null : AddressKey.Of(plain);
    }
}
