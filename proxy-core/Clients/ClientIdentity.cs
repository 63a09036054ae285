namespace Tunnel.ProxyCore.Clients;

/// <summary>Which MCP client is calling: from what it says of itself in the protocol, else from how its requests look.</summary>
/// <param name="Name">A name that does not change with the client's releases: ChatGPT, Claude, Cursor, …, or what it calls itself.</param>
/// <param name="Version">The client's own version, where it said so.</param>
public sealed record ClientIdentity(string Name, string? Version)
{
    private const int MaxLength = 64;

    // What clients call themselves, and what people call them. The first that fits counts.
    private static readonly (string Part, string Name)[] s_known =
    [
        ("openai-mcp", "ChatGPT"),
        ("openai-connectors", "ChatGPT"),
        ("chatgpt", "ChatGPT"),
        ("claude-code", "Claude Code"),
        ("claude", "Claude"),
        ("anthropic", "Claude"),
        ("cursor", "Cursor"),
        ("visual studio code", "VS Code"),
        ("vscode", "VS Code"),
        ("codex", "Codex"),
        ("inspector", "Inspector"),
    ];

    /// <param name="clientName">The <c>clientInfo.name</c> of the request, if it has one.</param>
    /// <param name="clientVersion">The <c>clientInfo.version</c>.</param>
    /// <param name="userAgent">The User-Agent header (RFC 9110 section 10.1.5).</param>
    /// <returns>Null where nothing tells.</returns>
    public static ClientIdentity? From(string? clientName, string? clientVersion, string? userAgent)
    {
        if (!string.IsNullOrEmpty(clientName))
        {
            return new ClientIdentity(Known(clientName) ?? Cut(clientName), clientVersion is null ? null : Cut(clientVersion));
        }

        return !string.IsNullOrEmpty(userAgent) && Known(userAgent) is { } known ? new ClientIdentity(known, Version: null) : null;
    }

    private static string? Known(string text)
    {
        foreach (var (part, name) in s_known)
        {
            if (text.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }

    private static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength];
}
