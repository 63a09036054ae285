using System.Collections.Frozen;

namespace Tunnel.Relay.Domains;

/// <summary>The active domains as this relay knows them: requests ask here, and nothing else.</summary>
internal sealed class DomainRoutes
{
    // Bounded by --max-domains.
    private volatile FrozenDictionary<string, DomainClaim> _byDomain = FrozenDictionary<string, DomainClaim>.Empty;
    private volatile ILookup<string, DomainClaim> _byName = Array
        .Empty<DomainClaim>()
        .ToLookup(claim => claim.Name, StringComparer.Ordinal);

    public DomainSnapshot Known { get; private set; } = DomainSnapshot.Nothing;

    /// <summary>Hears of domains before and after they changed; one that was or is not there is null.</summary>
    public Action<DomainClaim?, DomainClaim?>? Changed { get; set; }

    public IReadOnlyCollection<DomainClaim> All => _byDomain.Values;

    /// <param name="host">As a request or a TLS handshake writes it, without a port.</param>
    public DomainClaim? Find(string host) => _byDomain.GetValueOrDefault(DomainName.WithoutRoot(host));

    /// <summary>The domains whose requests go to a name, if it is this owner's.</summary>
    public IEnumerable<DomainClaim> Of(string name, string ownerId) => _byName[name].Where(claim => claim.OwnerId == ownerId);

    /// <summary>For one caller at a time.</summary>
    public void Replace(DomainSnapshot snapshot)
    {
        if (ReferenceEquals(snapshot, Known))
        {
            return;
        }

        var before = _byDomain;
        _byDomain = snapshot.Active.ToFrozenDictionary(claim => claim.Domain, StringComparer.OrdinalIgnoreCase);
        _byName = snapshot.Active.ToLookup(claim => claim.Name, StringComparer.Ordinal);
        Known = snapshot;
        foreach (var domain in before.Keys.Union(_byDomain.Keys, StringComparer.OrdinalIgnoreCase))
        {
            Changed?.Invoke(before.GetValueOrDefault(domain), _byDomain.GetValueOrDefault(domain));
        }
    }
}
