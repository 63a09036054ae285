using System.Text.Json;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>The policy that a host enforces, made of a widget's metadata as MCP Apps says ("CSP Construction from Metadata").</summary>
internal static class HostPolicy
{
    /// <param name="csp"><c>_meta.ui.csp</c>, or nothing where the server declares nothing.</param>
    public static string From(JsonElement? csp)
    {
        var resources = Join(csp, "resourceDomains");
        var connect = csp is null ? "'none'" : "'self'" + Join(csp, "connectDomains");
        var frames = Join(csp, "frameDomains");
        var bases = Join(csp, "baseUriDomains");
        return string.Join(
            "; ",
            "default-src 'none'",
            $"script-src 'self' 'unsafe-inline'{resources}",
            $"style-src 'self' 'unsafe-inline'{resources}",
            $"connect-src {connect}",
            $"img-src 'self' data:{resources}",
            $"font-src 'self'{resources}",
            $"media-src 'self' data:{resources}",
            $"frame-src {(frames.Length == 0 ? "'none'" : frames)}",
            "object-src 'none'",
            $"base-uri {(bases.Length == 0 ? "'self'" : bases)}"
        );
    }

    private static string Join(JsonElement? csp, string list) =>
        csp is { } declared && declared.TryGetProperty(list, out var sources)
            ? string.Concat(sources.EnumerateArray().Select(source => " " + source.GetString()))
            : string.Empty;
}
