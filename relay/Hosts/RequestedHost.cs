using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Hosts;

/// <summary>Whom a request is for: the relay itself, the dashboard for teams, a tunnel by its name or by a domain of its owner, or nobody here.</summary>
internal readonly record struct RequestedHost(bool IsRelay, string? TunnelName, DomainClaim? Domain)
{
    public static RequestedHost Relay { get; } = new(IsRelay: true, TunnelName: null, Domain: null);

    public static RequestedHost Dashboard { get; } = new(IsRelay: false, TunnelName: null, Domain: null) { IsDashboard = true };

    public static RequestedHost Foreign { get; } = new(IsRelay: false, TunnelName: null, Domain: null);

    public bool IsDashboard { get; private init; }

    public static RequestedHost Tunnel(string name) => new(IsRelay: false, name, Domain: null);

    public static RequestedHost OwnDomain(DomainClaim domain) => new(IsRelay: false, domain.Name, domain);
}
