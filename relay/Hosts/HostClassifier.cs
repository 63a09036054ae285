using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Team;

namespace Tunnel.Relay.Hosts;

/// <summary>
/// Tells from Host alone what a request is for: an exact suffix match and one label, or a domain that its owner has proved; nothing cleverer.
/// </summary>
internal sealed class HostClassifier(RelayOptions options, DomainRoutes domains)
{
    private readonly string _domain = options.Domain.ToLowerInvariant();

    /// <summary>Where connectors reach this very relay; it may look like the host of a tunnel.</summary>
    private readonly string? _node = options.NodeUrl?.Host;

    private readonly bool _hasDashboard = options.Team.IsOn;

    public RequestedHost Classify(HostString host)
    {
        var name = host.Host;
        if (IsRelay(name) || IPAddress.TryParse(name.Trim('[', ']'), out _))
        {
            return RequestedHost.Relay;
        }

        var label = name.Length - _domain.Length - 1;
        if (label <= 0 || name[label] != '.' || !name.EndsWith(_domain, StringComparison.OrdinalIgnoreCase))
        {
            return domains.Find(name) is { } domain ? RequestedHost.OwnDomain(domain) : RequestedHost.Foreign;
        }

        var tunnel = name[..label].ToLowerInvariant();
        return tunnel.Contains('.', StringComparison.Ordinal) ? RequestedHost.Foreign
            : _hasDashboard && tunnel == TeamOptions.Label ? RequestedHost.Dashboard
            : RequestedHost.Tunnel(tunnel);
    }

    /// <summary>Whether a domain is the relay's or below it: nobody else's, whatever DNS says.</summary>
    public bool IsOurs(string domain) => IsRelay(domain) || domain.EndsWith($".{_domain}", StringComparison.OrdinalIgnoreCase);

    private bool IsRelay(string name) =>
        name.Equals(_domain, StringComparison.OrdinalIgnoreCase) || name.Equals(_node, StringComparison.OrdinalIgnoreCase);
}
