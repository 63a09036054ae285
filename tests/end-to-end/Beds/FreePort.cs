using System.Net;
using System.Net.Sockets;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>Ports for programs that cannot choose one by themselves.</summary>
internal static class FreePort
{
    public static int Next()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
