using System.Text.Json.Nodes;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>The policy that a host enforces, made of a widget's metadata as MCP Apps says ("CSP Construction from Metadata").</summary>
internal static class HostPolicy
{
    /// <param name="csp"><c>_meta.ui.csp</c></param>
    public static string From(JsonNode csp)
    {
        var resources = Join(csp, "resourceDomains");
        var connect = Join(csp, "connectDomains");
        var frames = Join(csp, "frameDomains");
        var bases = Join(csp, "baseUriDomains");
        return string.Join(
            "; ",
            "default-src 'none'",
            $"script-src 'self' 'unsafe-inline'{resources}",
            $"style-src 'self' 'unsafe-inline'{resources}",
            $"connect-src 'self'{connect}",
            $"img-src 'self' data:{resources}",
            $"font-src 'self'{resources}",
            $"media-src 'self' data:{resources}",
            $"frame-src {(frames.Length == 0 ? "'none'" : frames)}",
            "object-src 'none'",
            $"base-uri {(bases.Length == 0 ? "'self'" : bases)}"
        );
    }

    private static string Join(JsonNode csp, string list) =>
        csp[list] is JsonArray sources ? string.Concat(sources.Select(source => $" {source}")) : string.Empty;
}
