using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>
/// Bounds the connections that one address can have, from the first packet on: those that never finish a TLS handshake or a request
/// count like others. A connection on which a connector has logged in counts no more, nor do those of trusted proxies.
/// </summary>
internal sealed class ConnectionLimit(RelayOptions options, RelayMetrics metrics)
{
    private readonly ConcurrencyLimit _open = new(options.Limits.ConnectionsPerAddress);

    public void AddTo(ListenOptions listen) => listen.Use(next => connection => RunAsync(connection, next));

    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (KeyOf(connection.RemoteEndPoint) is not { } address)
        {
            await next(connection);
            return;
        }

        if (!_open.TryEnter(address))
        {
            metrics.ConnectionRefused();
            connection.Abort(new ConnectionAbortedException("too many connections from this address"));
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
