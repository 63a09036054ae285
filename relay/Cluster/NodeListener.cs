using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Relay.Cluster;

/// <summary>Where other relays call: HTTP/2, every connection marked as a node's, without TLS or with certificates on both sides.</summary>
internal static class NodeListener
{
    private const int Probes = 3;

    /// <summary>Relays are on one network, and give a connection two seconds.</summary>
    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(5);

    public static void Configure(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http2;
        listener.Use(next =>
            connection =>
            {
                NodeMark.Put(connection);
                NoticeDeadNode(connection);
                return next(connection);
            }
        );
        if (listener.ApplicationServices.GetService<ClusterTls>() is { } tls)
        {
            listener.UseHttps(
                new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = s_handshakeLimit,
                    OnConnection = _ => ValueTask.FromResult(tls.ForServer()),
                }
            );
            // Requests say http, as without TLS, and Kestrel wants them to say what the connection is.
            listener.Use(next =>
                connection =>
                {
                    connection.Features.Set<ITlsConnectionFeature>(null);
                    return next(connection);
                }
            );
        }
    }

    /// <summary>The caller pings. What it asked for has to end here too when it is cut off, and HTTP/2 pings from here would be for visitors as well.</summary>
    private static void NoticeDeadNode(ConnectionContext connection)
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, optionValue: true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)TunnelProtocol.PingInterval.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)TunnelProtocol.PingTimeout.TotalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
    }
}
