using System.Collections.Immutable;

namespace Tunnel.Relay.Cluster;

/// <summary>Where a name is open in the cluster.</summary>
/// <param name="State">What is known.</param>
/// <param name="Nodes">Addresses of relays that have it, the newest opening first. Where it is unknown, all that may have it.</param>
internal readonly record struct RouteLookup(RouteState State, ImmutableArray<string> Nodes)
{
    public static RouteLookup Unknown { get; } = new(RouteState.Unknown, []);
}

internal enum RouteState
{
    Open,

    /// <summary>It was open a moment ago, and its connector may be back soon.</summary>
    Away,

    /// <summary>Redis cannot be asked, or may have lost it and is being told anew.</summary>
    Unknown,

    None,
}
