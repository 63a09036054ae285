using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Connector.Hosting;

/// <summary>
/// Marks connections that came through the tunnel. What bears no mark is treated as a local caller: forgetting it refuses somebody,
/// it never lets anybody in.
/// </summary>
internal sealed class TunnelMark
{
    private static readonly TunnelMark s_mark = new();

    public static void Put(ConnectionContext connection) => connection.Features.Set(s_mark);

    public static bool IsOn(HttpContext context) => context.Features.Get<TunnelMark>() is not null;
}
