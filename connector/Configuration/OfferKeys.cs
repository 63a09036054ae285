using System.Collections.Immutable;
using Tunnel.ProxyCore.Servers.Offers;

namespace Tunnel.Connector.Configuration;

/// <summary>The keys about one kind of thing that a server offers.</summary>
internal sealed record OfferKeys(
    ConfigurationKey<ImmutableArray<string>> Allow,
    ConfigurationKey<ImmutableArray<string>> Deny,
    ConfigurationKey<ImmutableArray<Renaming>> Rename
)
{
    public NameRuleOptions Read(Settings settings) =>
        new()
        {
            Allow = settings.TryGet(Allow, out var allow) ? allow : [],
            Deny = settings.TryGet(Deny, out var deny) ? deny : [],
            Rename = settings.TryGet(Rename, out var rename) ? rename : [],
        };
}
