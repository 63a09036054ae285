using System.Buffers;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>
/// What servers of a project are called. One mcpr may stand in front of several, and two of them may have servers of one name: <c>shop</c> sends of its
/// only server as <c>shop</c>, and of servers that it has names for as <c>shop/files</c>.
/// </summary>
internal static class ServerNames
{
    public const int MaxLength = 64;

    /// <summary>What an mcpr calls a server without a name that is a program, or that is at the usual port of its machine.</summary>
    private static readonly string[] s_unnamed = ["server", "localhost"];

    private static readonly SearchValues<char> s_sender = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    );

    /// <summary>Names in a configuration; addresses have a point or a colon.</summary>
    private static readonly SearchValues<char> s_named = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>Whether an mcpr can be called so.</summary>
    public static bool IsSender(string name) => name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(s_sender);

    /// <param name="sender">What the mcpr is called.</param>
    /// <param name="server">What it calls the server.</param>
    public static string Of(string sender, string? server) =>
        server is { Length: > 0 }
        && !server.AsSpan().ContainsAnyExcept(s_named)
        && !s_unnamed.Contains(server, StringComparer.Ordinal)
        && server != sender
            ? $"{sender}/{server}"
            : sender;
}
