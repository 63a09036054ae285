namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>The origins in which hosts run widgets.</summary>
internal static class SandboxOrigin
{
    /// <summary>
    /// What a page says that hides its origin, such as a sandboxed frame without <c>allow-same-origin</c>. Any web page can have one.
    /// </summary>
    public const string Opaque = "null";

    /// <summary>
    /// ChatGPT: <c>https://web-sandbox.oaiusercontent.com</c> and one name below it for a widget domain.
    /// Claude: <c>https://HASH.claudemcpcontent.com</c>.
    /// </summary>
    private static readonly string[] s_domains = ["web-sandbox.oaiusercontent.com", "claudemcpcontent.com"];

    /// <summary>Whether a host that we know keeps this origin for widgets.</summary>
    public static bool IsOfHost(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", IsDefaultPort: true, PathAndQuery: "/", UserInfo.Length: 0 }
        && s_domains.Any(domain => uri.Host == domain || uri.Host.EndsWith("." + domain, StringComparison.Ordinal));
}
