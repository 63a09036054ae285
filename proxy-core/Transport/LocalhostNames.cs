using System.Net;
using System.Net.Sockets;

namespace Tunnel.ProxyCore.Transport;

/// <summary>Names below <c>localhost</c> are this machine (RFC 6761 section 6.3), which not every resolver knows.</summary>
public static class LocalhostNames
{
    /// <returns>What connects there, for <see cref="SocketsHttpHandler.ConnectCallback"/>, or null for other names.</returns>
    public static Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? ConnectorFor(Uri url) =>
        url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) ? ConnectHereAsync : null;

    private static async ValueTask<Stream> ConnectHereAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new DnsEndPoint("localhost", context.DnsEndPoint.Port), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
