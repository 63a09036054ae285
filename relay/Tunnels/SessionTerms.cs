using System.Net;
using Tunnel.Relay.Identity;

namespace Tunnel.Relay.Tunnels;

/// <summary>What a session was granted when its connector opened it.</summary>
internal sealed record SessionTerms
{
    public required string Name { get; init; }

    public required ConnectorIdentity Owner { get; init; }

    /// <summary>Higher than that of every session of this name before it.</summary>
    public required long Generation { get; init; }

    /// <summary>Sessions of a generation below this one have to make way; others share the name with this session.</summary>
    public required long Floor { get; init; }

    /// <summary>The fingerprint that the name was opened for.</summary>
    public required string Project { get; init; }

    /// <summary>Whether it asked to share the name.</summary>
    public bool Joins { get; init; }

    /// <summary>The SignalR connection that opened the tunnel.</summary>
    public required string ControlConnectionId { get; init; }

    /// <summary>Tells two connectors of one owner from one connector that comes back; null where the connector does not say.</summary>
    public string? Instance { get; init; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt { get; init; }

    /// <summary>Where the connector calls from, as far as the proxies in front are trusted.</summary>
    public IPAddress? Address { get; init; }

    public required int MaxDataConnections { get; init; }
}
