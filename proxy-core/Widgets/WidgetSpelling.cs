using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>The two ways to write a widget's policy: <c>_meta.ui.csp.connectDomains</c> and <c>_meta["openai/widgetCSP"].connect_domains</c>.</summary>
internal sealed record WidgetSpelling(ImmutableArray<(CspDirective Directive, string Name)> Lists)
{
    /// <summary>MCP Apps, revision of 2026-01-26 (modelcontextprotocol/ext-apps).</summary>
    public static WidgetSpelling Apps { get; } =
        new([
            (CspDirective.Connect, "connectDomains"),
            (CspDirective.Resource, "resourceDomains"),
            (CspDirective.Frame, "frameDomains"),
            (CspDirective.BaseUri, "baseUriDomains"),
        ]);

    /// <summary>ChatGPT's own, which is older.</summary>
    public static WidgetSpelling OpenAi { get; } =
        new([
            (CspDirective.Connect, "connect_domains"),
            (CspDirective.Resource, "resource_domains"),
            (CspDirective.Frame, "frame_domains"),
            (CspDirective.Redirect, "redirect_domains"),
        ]);
}
