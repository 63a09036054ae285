using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using Tunnel.ProxyCore.Configuration;
using Tunnel.ProxyCore.Configuration.Toml;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Domains;

/// <summary>The settings of <see cref="DomainOptions"/>.</summary>
internal static class DomainSettings
{
    private const int DnsPort = 53;

    private static readonly ValueKind<ImmutableArray<IPEndPoint>> s_resolvers = new("list of resolvers", "address:port", ParseResolvers)
    {
        TomlKinds = [TomlKind.String],
        IsList = true,
    };

    public static readonly ImmutableArray<RelaySetting> All =
    [
        RelaySetting.Of(
            "--owner-max-domains",
            CommonKinds.Number,
            "domains of their own that the owner of a token may use, 0 for none",
            "10",
            (options, value) => options.Domains.MaxPerOwner = value
        ),
        RelaySetting.Of(
            "--max-domains",
            CommonKinds.Number,
            "domains that all owners may use together, at most 20000",
            "1000",
            (options, value) => options.Domains.Max = value
        ),
        RelaySetting.Of(
            "--dns-resolvers",
            s_resolvers,
            "resolvers, such as 192.0.2.53, that see the proofs of domains; those of the system if not set",
            byDefault: null,
            (options, value) => options.Domains.Resolvers = value
        ),
        RelaySetting.Of(
            "--domain-check",
            RelayKinds.Duration,
            "how often the proof of a domain is looked up again",
            "6h",
            (options, value) => options.Domains.CheckEvery = value
        ),
        RelaySetting.Of(
            "--domain-grace",
            RelayKinds.Duration,
            "how long that proof may be away until the domain is taken off",
            "3d",
            (options, value) => options.Domains.Grace = value
        ),
    ];

    private static bool ParseResolvers(string text, out ImmutableArray<IPEndPoint> value, [NotNullWhen(false)] out string? problem)
    {
        var resolvers = ImmutableArray.CreateBuilder<IPEndPoint>();
        problem = null;
        foreach (var part in CommonKinds.ItemsOf(text))
        {
            if (!IPEndPoint.TryParse(part, out var resolver))
            {
                problem = $"'{part}' is not like 192.0.2.53 or 192.0.2.53:53";
                break;
            }

            resolvers.Add(resolver.Port == 0 ? new IPEndPoint(resolver.Address, DnsPort) : resolver);
        }

        value = resolvers.DrainToImmutable();
        return problem is null;
    }
}
