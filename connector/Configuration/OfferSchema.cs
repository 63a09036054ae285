using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Servers.Offers;

namespace Tunnel.Connector.Configuration;

/// <summary>The keys about what of a server callers get to see, once for the server without a name and once for those with one.</summary>
internal static class OfferSchema
{
    public static readonly OfferKeys Tools = New("tools", "tools");
    public static readonly OfferKeys Prompts = New("prompts", "prompts");
    public static readonly OfferKeys Resources = New("resources", "resources by URI");
    public static readonly OfferKeys ServerTools = New("server.tools", "tools");
    public static readonly OfferKeys ServerPrompts = New("server.prompts", "prompts");
    public static readonly OfferKeys ServerResources = New("server.resources", "resources by URI");

    public static IEnumerable<ConfigurationKey> All =>
        new[] { Tools, Prompts, Resources, ServerTools, ServerPrompts, ServerResources }.SelectMany(keys =>
            (ConfigurationKey[])[keys.Allow, keys.Deny, keys.Rename]
        );

    private static OfferKeys New(string path, string what) =>
        new(
            new ConfigurationKey<ImmutableArray<string>>(
                $"{path}.allow",
                ValueKinds.Patterns,
                $"patterns of {what}: what callers get; everything without any"
            ),
            new ConfigurationKey<ImmutableArray<string>>(
                $"{path}.deny",
                ValueKinds.Patterns,
                $"patterns of {what}: what callers do not get"
            ),
            new ConfigurationKey<ImmutableArray<Renaming>>(
                $"{path}.rename",
                ValueKinds.Renamings,
                $"other names for callers, as in: search -> find_files"
            )
        );
}
