namespace Tunnel.Connector.Cli;

/// <summary>Where the MCP server is, in any way a person would write it: <c>9000</c>, <c>:9000</c>, <c>localhost:9000</c>, <c>http://host:port/path</c>.</summary>
internal static class UpstreamAddress
{
    /// <summary>The path that MCP servers use where nobody says otherwise.</summary>
    private const string DefaultPath = "/mcp";

    /// <returns>The server's endpoint, or null with what is wrong.</returns>
    public static Uri? Parse(string text, out string? problem)
    {
        problem = null;
        var written = text.Trim();
        var address = written.Contains("://", StringComparison.Ordinal) ? written : "http://" + WithHost(written);
        if (written is ":" or "" || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Host.Length == 0)
        {
            problem = $"'{text}' is no address of an MCP server";
        }
        else if (uri.Scheme is not ("http" or "https"))
        {
            problem = $"'{text}' has the scheme {uri.Scheme}, only http and https work";
        }
        else if (uri.UserInfo.Length > 0)
        {
            problem = "a user name or password in the address would end up in logs";
        }
        else if (uri.Fragment.Length > 0 || uri.Query.Length > 0)
        {
            problem = $"'{text}' has a query or fragment; only a path can follow the port";
        }
        else
        {
            return uri.AbsolutePath == "/" ? new Uri(uri, DefaultPath) : uri;
        }

        return null;
    }

    private static string WithHost(string written)
    {
        if (written.StartsWith(':'))
        {
            return "localhost" + written;
        }

        var portEnd = written.IndexOf('/', StringComparison.Ordinal);
        var port = portEnd < 0 ? written : written[..portEnd];

        // A number that is too large must not be left to Uri as a host: 70000 would be the address 0.1.17.112.
        return port.Length > 0 && port.All(char.IsAsciiDigit) ? "localhost:" + written : written;
    }
}
