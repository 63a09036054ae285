namespace Tunnel.Connector.Remote;

/// <summary>Reads the URL of a server as people write it: <c>https://mcp.example.com/mcp</c>, or without a scheme, which is <c>https</c> then.</summary>
internal static class RemoteAddress
{
    public static Uri? Parse(string text)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return
            Uri.TryCreate(whole, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            && url.Host.Length > 0
            && url.UserInfo.Length == 0
            && url.Fragment.Length == 0
            ? url
            : null;
    }
}
