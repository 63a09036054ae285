namespace Tunnel.Connector.Cli;

/// <summary>The relay as written: <c>https://tunnel.example.com</c>, or just <c>tunnel.example.com</c>.</summary>
internal static class RelayAddress
{
    /// <returns>The relay's origin, or null with what is wrong.</returns>
    public static Uri? Parse(string text, out string? problem)
    {
        problem = null;
        var written = text.Trim();
        var address = written.Contains("://", StringComparison.Ordinal) ? written : "https://" + written;
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            problem = $"'{text}' is no address of a relay; it looks like https://tunnel.example.com";
            return null;
        }

        if (uri.PathAndQuery != "/" || uri.Fragment.Length > 0 || uri.UserInfo.Length > 0)
        {
            problem = $"'{text}' has more than a host and a port";
            return null;
        }

        return uri;
    }

    /// <summary>The WebSocket URL of one of the relay's own endpoints.</summary>
    public static Uri WebSocket(Uri relay, string path) =>
        new UriBuilder(relay) { Scheme = relay.Scheme == "https" ? "wss" : "ws", Path = path }.Uri;
}
