using System.Net;
using System.Net.Sockets;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>Ports for programs that cannot choose one themselves.</summary>
internal static class Ports
{
    /// <summary>A port of loopback that nobody has at this moment.</summary>
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Tries until somebody listens there, for programs that do not say when they do.</summary>
    public static async Task WaitUntilOpenAsync(int port, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TestLimits.Default);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, limit.Token);
                return;
            }
            catch (SocketException)
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
        }
    }
}
