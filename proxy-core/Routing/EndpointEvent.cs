using System.Text;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// The first event of a stream of the HTTP+SSE transport, which tells the client where to post:
/// <c>event: endpoint\ndata: /messages?sessionId=7f1e\n\n</c>. It is remembered, and becomes what the client has to use.
/// </summary>
/// <param name="server">Whose stream it is.</param>
/// <param name="upstream">Which of its addresses was asked for the stream, and has to be posted to.</param>
/// <param name="key">A parameter that the caller has to show again; null for none.</param>
internal sealed class EndpointEvent(McpServer server, Upstream upstream, string? key = null)
{
    /// <summary>Longer than any URL that a client would take.</summary>
    private const int MaxLength = 4096;

    /// <summary>Whether a line of an event stream says that its event is this one.</summary>
    public static bool IsNamedBy(ReadOnlySpan<byte> line) =>
        line.StartsWith("event:"u8) && line["event:"u8.Length..].TrimStart((byte)' ').SequenceEqual("endpoint"u8);

    /// <param name="data">What the server says: a path with a query as a rule, or a whole URL.</param>
    /// <returns>What the client is told, or null when it can be told the same.</returns>
    public ReadOnlyMemory<byte>? Take(ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxLength || !Uri.TryCreate(upstream.Url, Encoding.UTF8.GetString(data).Trim(), out var uri))
        {
            return null;
        }

        if (!ServerOrigin.IsSame(uri, upstream.Url))
        {
            return null;
        }

        server.Announced.Add(uri.AbsolutePath);
        if (server.Upstreams.HasSeveral)
        {
            server.Upstreams.Holders.Add(uri.PathAndQuery, upstream);
        }

        if (data is [(byte)'/', not (byte)'/', ..] && server.Prefix.Length == 0 && key is null)
        {
            return null;
        }

        var query = key is null ? uri.Query : $"{uri.Query}{(uri.Query.Length > 0 ? '&' : '?')}{key}";
        return Encoding.UTF8.GetBytes(server.PublicPathOf(uri.AbsolutePath) + query);
    }
}
