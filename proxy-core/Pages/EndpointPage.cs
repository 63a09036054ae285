using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.ProxyCore.Pages;

/// <summary>For people who open an MCP endpoint in a browser: what it is, and what to paste where.</summary>
internal static class EndpointPage
{
    private const string Title = "This is an MCP endpoint";

    /// <param name="origin">Scheme and authority that the visitor used.</param>
    /// <param name="path">The path of the endpoint.</param>
    /// <param name="server">What the server is called here, if it has a name.</param>
    /// <param name="wantsLogin">Whether it answered that one has to sign in.</param>
    public static byte[] Write(string origin, string path, string? server, bool wantsLogin)
    {
        var url = origin + path;
        var name = server ?? NameOf(origin);
        var quoted = JsonSerializer.Serialize(url, PageJson.Default.String);
        var key = JsonSerializer.Serialize(name, PageJson.Default.String);
        return Page.Write(
            Title,
            $$"""
            <p>It works. Programs talk to it, so there is nothing to see; give this address to an assistant or an editor:</p>
            {{Box("url", url)}}
            {{(IsLocal(new Uri(origin)) ? LocalNote : "")}}
            {{(wantsLogin ? LoginNote : "")}}
            <section><h2>ChatGPT</h2><p>Settings, Apps &amp; Connectors. Switch on developer mode under Advanced settings, then Create, and paste the address as the MCP server URL.</p></section>
            <section><h2>Claude</h2><p>Settings, Connectors, Add custom connector, and paste the address. In Claude Code:</p>
            {{Box("", $"claude mcp add --transport http {name} {url}")}}</section>
            <section><h2>Cursor</h2><p>In <code>~/.cursor/mcp.json</code>:</p>
            {{Box("", CursorFile(key, quoted))}}</section>
            <section><h2>VS Code</h2><p>In <code>.vscode/mcp.json</code>:</p>
            {{Box("", CodeFile(key, quoted))}}</section>
            <section><h2>curl</h2><p>To see that it answers:</p>
            {{Box("", CurlTo(url))}}</section>
            <footer>Served by mcpr. Programs that call this address never get this page.</footer>
            """
        );
    }

    private const string LocalNote = """
        <p class="note">This address leads to your own machine: editors here can use it, ChatGPT and Claude on the web cannot. <code>mcpr tunnel</code> gives it a public one.</p>
        """;

    private const string LoginNote = """
        <p class="note">The server wants its users to sign in. Clients that can do that open a window for it.</p>
        """;

    private static string CursorFile(string key, string url) =>
        $$"""
            {
              "mcpServers": {
                {{key}}: { "url": {{url}} }
              }
            }
            """;

    private static string CodeFile(string key, string url) =>
        $$"""
            {
              "servers": {
                {{key}}: {
                  "type": "http",
                  "url": {{url}}
                }
              }
            }
            """;

    private static string CurlTo(string url) =>
        $$$$"""
            curl {{{{url}}}} \
              -H 'Content-Type: application/json' \
              -H 'Accept: application/json, text/event-stream' \
              -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'
            """;

    /// <summary>Text that one click selects.</summary>
    private static string Box(string kind, string text) => $"""<pre class="{kind}">{HtmlEncoder.Default.Encode(text)}</pre>""";

    // Names below localhost are this machine, too (RFC 6761 section 6.3).
    private static bool IsLocal(Uri origin) => origin.IsLoopback || origin.IdnHost.EndsWith(".localhost", StringComparison.Ordinal);

    /// <summary>The first label of a name, which below a relay is that of the tunnel; something neutral for addresses.</summary>
    private static string NameOf(string origin)
    {
        var host = new Uri(origin).IdnHost;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return Uri.CheckHostName(host) == UriHostNameType.Dns && dot > 0 ? host[..dot] : "my-server";
    }
}
