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
        (CspDirective.Connect, ConfigurationSchema.CspConnectDomains, ConfigurationSchema.CspConnectMode),
        (CspDirective.Resource, ConfigurationSchema.CspResourceDomains, ConfigurationSchema.CspResourceMode),
        (CspDirective.Frame, ConfigurationSchema.CspFrameDomains, ConfigurationSchema.CspFrameMode),
        (CspDirective.BaseUri, ConfigurationSchema.CspBaseUriDomains, ConfigurationSchema.CspBaseUriMode),
        (CspDirective.Redirect, ConfigurationSchema.CspRedirectDomains, ConfigurationSchema.CspRedirectMode),
    ];

    private static readonly (
        CspDirective Directive,
        ConfigurationKey<ImmutableArray<CspSource>> Domains,
        ConfigurationKey<CspMode> Mode
    )[] s_forSome =
    [
        (CspDirective.Connect, ConfigurationSchema.CspWidgetConnectDomains, ConfigurationSchema.CspWidgetConnectMode),
        (CspDirective.Resource, ConfigurationSchema.CspWidgetResourceDomains, ConfigurationSchema.CspWidgetResourceMode),
        (CspDirective.Frame, ConfigurationSchema.CspWidgetFrameDomains, ConfigurationSchema.CspWidgetFrameMode),
        (CspDirective.BaseUri, ConfigurationSchema.CspWidgetBaseUriDomains, ConfigurationSchema.CspWidgetBaseUriMode),
        (CspDirective.Redirect, ConfigurationSchema.CspWidgetRedirectDomains, ConfigurationSchema.CspWidgetRedirectMode),
    ];

    public static CspOptions Read(Settings settings) =>
        new()
        {
            Rules =
            [
                new CspRule { Lists = ListsOf(settings, s_forAll) },
                .. settings
                    .Get(ConfigurationSchema.CspWidgets)
                    .Select(widget => new CspRule
                    {
                        Match = widget.Get(ConfigurationSchema.CspWidgetMatch),
                        Lists = ListsOf(widget, s_forSome),
                    }),
            ],
            Domain = settings.TryGet(ConfigurationSchema.CspDomain, out var domain) ? domain : null,
            Report = settings.Get(ConfigurationSchema.CspReport),
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
