using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Admin;

/// <summary>The port for operators, whose calls get to <see cref="AdminMiddleware"/>.</summary>
public sealed class AdminListener(IPEndPoint endpoint) : MarkedListener(endpoint)
{
    public static bool IsCallOf(HttpContext context) => Of(context) is AdminListener;
}
