using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.Connector.Configuration;

/// <summary>The keys about what widgets may load, for all of them and for some.</summary>
internal static class CspSchema
{
    public static readonly ConfigurationKey<ImmutableArray<CspSource>> ConnectDomains = Domains(
        "csp.connect_domains",
        "where widgets may connect to: fetch, XHR, WebSocket",
        "--csp-connect"
    );

    public static readonly ConfigurationKey<CspMode> ConnectMode = Mode("csp.connect_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> ResourceDomains = Domains(
        "csp.resource_domains",
        "where widgets may load scripts, styles, images, fonts and media from",
        "--csp-resource"
    );

    public static readonly ConfigurationKey<CspMode> ResourceMode = Mode("csp.resource_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> FrameDomains = Domains(
        "csp.frame_domains",
        "what widgets may show in frames",
        "--csp-frame"
    );

    public static readonly ConfigurationKey<CspMode> FrameMode = Mode("csp.frame_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> BaseUriDomains = Domains(
        "csp.base_uri_domains",
        "what the base URL of widgets may be"
    );

    public static readonly ConfigurationKey<CspMode> BaseUriMode = Mode("csp.base_uri_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> RedirectDomains = Domains(
        "csp.redirect_domains",
        "where widgets may send people without ChatGPT asking"
    );

    public static readonly ConfigurationKey<CspMode> RedirectMode = Mode("csp.redirect_mode");

    public static readonly ConfigurationKey<Uri> Domain = new(
        "csp.domain",
        ValueKinds.HttpsOrigin,
        "the https origin that ChatGPT makes the sandbox of widgets from; the public one if not set"
    )
    {
        Reloads = true,
    };

    public static readonly ConfigurationKey<bool> Report = new(
        "csp.report",
        ValueKinds.Switch,
        "give widgets a script that tells what their policy has stopped"
    )
    {
        Default = "false",
        Flag = "--csp-report",
        Reloads = true,
    };

    public static readonly ConfigurationTables Widgets = new(
        "csp.widget",
        "the same lists for some widgets only; later ones see what earlier ones left"
    )
    {
        Reloads = true,
    };

    public static readonly ConfigurationKey<string> WidgetMatch = new(
        "csp.widget.match",
        ValueKinds.Text,
        "the URIs of those widgets: ui://widget/*, where * is any text and ? one character"
    )
    {
        IsRequired = true,
    };

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> WidgetConnectDomains = Domains(
        "csp.widget.connect_domains",
        "where they may connect to: fetch, XHR, WebSocket"
    );

    public static readonly ConfigurationKey<CspMode> WidgetConnectMode = Mode("csp.widget.connect_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> WidgetResourceDomains = Domains(
        "csp.widget.resource_domains",
        "where they may load scripts, styles, images, fonts and media from"
    );

    public static readonly ConfigurationKey<CspMode> WidgetResourceMode = Mode("csp.widget.resource_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> WidgetFrameDomains = Domains(
        "csp.widget.frame_domains",
        "what they may show in frames"
    );

    public static readonly ConfigurationKey<CspMode> WidgetFrameMode = Mode("csp.widget.frame_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> WidgetBaseUriDomains = Domains(
        "csp.widget.base_uri_domains",
        "what their base URL may be"
    );

    public static readonly ConfigurationKey<CspMode> WidgetBaseUriMode = Mode("csp.widget.base_uri_mode");

    public static readonly ConfigurationKey<ImmutableArray<CspSource>> WidgetRedirectDomains = Domains(
        "csp.widget.redirect_domains",
        "where they may send people without ChatGPT asking"
    );

    public static readonly ConfigurationKey<CspMode> WidgetRedirectMode = Mode("csp.widget.redirect_mode");

    private static ConfigurationKey<ImmutableArray<CspSource>> Domains(string path, string description, string? flag = null) =>
        new(path, ValueKinds.CspSources, description) { Flag = flag, Reloads = IsOnce(path) };

    private static ConfigurationKey<CspMode> Mode(string path) =>
        new(path, ValueKinds.CspMode, "extend: those are added to what is there before; replace: they take its place")
        {
            Default = "extend",
            Reloads = IsOnce(path),
        };

    // The keys of tables leave it to the tables.
    private static bool IsOnce(string path) => !path.StartsWith("csp.widget.", StringComparison.Ordinal);
}
