using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Relay.Cluster;

/// <summary>Where other relays call: HTTP/2 without TLS, every connection marked as a node's.</summary>
internal static class NodeListener
{
    private const int Probes = 3;

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
