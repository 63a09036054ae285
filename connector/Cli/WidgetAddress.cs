namespace Tunnel.Connector.Cli;

/// <summary>Where widgets come from: a dev server (<c>5173</c>, <c>localhost:5173</c>, <c>http://localhost:5173</c>) or a folder (<c>dist</c>).</summary>
/// <param name="Server">The dev server's origin.</param>
/// <param name="Folder">The folder's full path.</param>
internal sealed record WidgetAddress(Uri? Server, string? Folder)
{
    /// <summary>Whether the text can only be meant as a folder. A folder whose name looks like a port is written <c>./5173</c>.</summary>
    public static bool IsFolder(string text) => !text.Contains("://", StringComparison.Ordinal) && !HasPort(text);

    /// <returns>The address, or null with what is wrong.</returns>
    public static WidgetAddress? Parse(string text, out string? problem)
    {
        if (IsFolder(text))
        {
            problem =
                text.AsSpan().Trim().Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? null : "an empty text means nothing";
            return problem is null ? new WidgetAddress(Server: null, Path.GetFullPath(text)) : null;
        }

        var address =
            text.Contains("://", StringComparison.Ordinal) ? text
            : text.StartsWith(':') || text.All(char.IsAsciiDigit) ? "http://localhost:" + text.TrimStart(':')
            : "http://" + text;
        problem =
            !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0
                ? $"'{text}' is no address of a dev server; it looks like http://localhost:5173"
            : uri.UserInfo.Length > 0 ? "a user name or password in the address would end up in logs"
            : uri.PathAndQuery != "/" || uri.Fragment.Length > 0
                ? $"'{text}' has more than scheme, host and port; every request keeps its own path"
            : null;
        return problem is null ? new WidgetAddress(uri, Folder: null) : null;
    }

    /// <summary>Whether it begins like <c>5173</c>, <c>:5173</c>, <c>host:5173</c> or <c>[::1]:5173</c>; <c>C:\dist</c> does not.</summary>
    private static bool HasPort(string text)
    {
        var end = text.IndexOf('/', StringComparison.Ordinal);
        var authority = end < 0 ? text : text[..end];
        var port = authority[(authority.LastIndexOf(':') + 1)..];
        return port.Length > 0 && port.All(char.IsAsciiDigit);
    }
}
