using System.Net;
using System.Net.Sockets;

namespace Tunnel.ProxyCore.Transport;

/// <summary>Names below <c>localhost</c> are this machine (RFC 6761 section 6.3), which not every resolver knows.</summary>
public static class LocalhostNames
{
    /// <summary>Lets a handler that is for this address only connect to this machine, if that is what its name says. For a proxy that would be another one.</summary>
    /// <returns>The handler.</returns>
    public static SocketsHttpHandler Reaching(this SocketsHttpHandler handler, Uri url)
    {
        if (url.IdnHost.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            handler.UseProxy = false;
            handler.ConnectCallback = ConnectHereAsync;
        }

        return handler;
    }

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
