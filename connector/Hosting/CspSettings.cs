using System.Collections.Immutable;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.Connector.Hosting;

/// <summary>What the settings say about the policies of widgets.</summary>
internal static class CspSettings
{
    private static readonly (
        CspDirective Directive,
        ConfigurationKey<ImmutableArray<CspSource>> Domains,
        ConfigurationKey<CspMode> Mode
    )[] s_forAll =
    [
        (CspDirective.Connect, CspSchema.ConnectDomains, CspSchema.ConnectMode),
        (CspDirective.Resource, CspSchema.ResourceDomains, CspSchema.ResourceMode),
        (CspDirective.Frame, CspSchema.FrameDomains, CspSchema.FrameMode),
        (CspDirective.BaseUri, CspSchema.BaseUriDomains, CspSchema.BaseUriMode),
        (CspDirective.Redirect, CspSchema.RedirectDomains, CspSchema.RedirectMode),
    ];

    private static readonly (
        CspDirective Directive,
        ConfigurationKey<ImmutableArray<CspSource>> Domains,
        ConfigurationKey<CspMode> Mode
    )[] s_forSome =
    [
        (CspDirective.Connect, CspSchema.WidgetConnectDomains, CspSchema.WidgetConnectMode),
        (CspDirective.Resource, CspSchema.WidgetResourceDomains, CspSchema.WidgetResourceMode),
        (CspDirective.Frame, CspSchema.WidgetFrameDomains, CspSchema.WidgetFrameMode),
        (CspDirective.BaseUri, CspSchema.WidgetBaseUriDomains, CspSchema.WidgetBaseUriMode),
        (CspDirective.Redirect, CspSchema.WidgetRedirectDomains, CspSchema.WidgetRedirectMode),
    ];

    public static CspOptions Read(Settings settings) =>
        new()
        {
            Rules =
            [
                new CspRule { Lists = ListsOf(settings, s_forAll) },
                .. settings
                    .Get(CspSchema.Widgets)
                    .Select(widget => new CspRule { Match = widget.Get(CspSchema.WidgetMatch), Lists = ListsOf(widget, s_forSome) }),
            ],
            Domain = settings.TryGet(CspSchema.Domain, out var domain) ? domain : null,
            Report = settings.Get(CspSchema.Report),
        };

    private static ImmutableSortedDictionary<CspDirective, CspListRule> ListsOf(
        Settings settings,
        (CspDirective, ConfigurationKey<ImmutableArray<CspSource>>, ConfigurationKey<CspMode>)[] keys
    )
    {
        var lists = ImmutableSortedDictionary.CreateBuilder<CspDirective, CspListRule>();
        foreach (var (directive, domains, mode) in keys)
        {
            lists[directive] = new CspListRule(settings.Get(mode), settings.TryGet(domains, out var sources) ? sources : []);
        }

        return lists.ToImmutable();
    }
}
