using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Admin;

namespace Tunnel.ProxyCore.Dashboard;

/// <summary>The port of the dashboard, on loopback.</summary>
public sealed class DashboardListener(IPEndPoint endpoint) : MarkedListener(endpoint)
{
    /// <summary>Where tools of this kind are looked for.</summary>
    public const int DefaultPort = 4040;

    public static bool IsCallOf(HttpContext context) => Of(context) is DashboardListener;

    /// <summary>At the usual port, or at a free one where somebody else has that.</summary>
    public static DashboardListener AtUsualPort()
    {
        var usual = new IPEndPoint(IPAddress.Loopback, DefaultPort);
        try
        {
            using var probe = new TcpListener(usual) { ExclusiveAddressUse = true };
            probe.Start();
            return new DashboardListener(usual);
        }
        catch (SocketException)
        {
            return new DashboardListener(new IPEndPoint(IPAddress.Loopback, 0));
        }
    }
}
