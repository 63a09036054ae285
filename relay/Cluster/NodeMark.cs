using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Relay.Cluster;

/// <summary>Marks connections that came in where only other relays should. What bears no mark is a visitor or a connector.</summary>
internal sealed class NodeMark
{
    private static readonly NodeMark s_mark = new();

    public static void Put(ConnectionContext connection) => connection.Features.Set(s_mark);

    public static bool IsOn(HttpContext context) => context.Features.Get<NodeMark>() is not null;
}
