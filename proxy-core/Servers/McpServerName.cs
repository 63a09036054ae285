using System.Buffers;

namespace Tunnel.ProxyCore.Servers;

/// <summary>What a server may be called: its name is the first segment of its paths, <c>/files/mcp</c>.</summary>
public static class McpServerName
{
    /// <summary>Longest name, as long as a label of a host name.</summary>
    public const int MaxLength = 63;

    private static readonly SearchValues<char> s_characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    // First segments of paths that mean something else: endpoints of the server without a name, and ours.
    private static readonly string[] s_taken = ["mcp", "sse", "message", "messages", "ping"];

    /// <returns>Why a server cannot be called so, or null.</returns>
    public static string? FindProblem(string name) =>
        name.Length is 0 or > MaxLength || name.AsSpan().ContainsAnyExcept(s_characters) || name[0] is '-' or '_'
            ? $"'{name}' is no name of a server; it has lower-case letters, digits, - and _, at most {MaxLength}, and a letter or digit first"
        : s_taken.Contains(name, StringComparer.Ordinal) ? $"'{name}' is the path of something else; choose another name"
        : null;
}
