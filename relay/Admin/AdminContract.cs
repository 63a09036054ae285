using System.Text.Json.Serialization;

namespace Tunnel.Relay.Admin;

/// <summary>The tunnels of one relay.</summary>
internal sealed record TunnelList(string Node, IReadOnlyList<TunnelEntry> Tunnels);

/// <param name="Name">The name.</param>
/// <param name="Owner">Who opened it.</param>
/// <param name="Since">When.</param>
/// <param name="Address">Where its connector calls from.</param>
/// <param name="Requests">Requests under way.</param>
/// <param name="Connections">Data connections.</param>
/// <param name="Generation">Which opening of the name this is.</param>
internal sealed record TunnelEntry(
    string Name,
    string Owner,
    DateTimeOffset Since,
    string? Address,
    int Requests,
    int Connections,
    long Generation
);

/// <summary>What became of a command about a name.</summary>
/// <param name="Closed">Tunnels that were closed.</param>
internal sealed record KickResult(string Name, int Closed);

/// <summary>The relays that share a Redis; one that has none is alone.</summary>
internal sealed record NodeList(IReadOnlyList<NodeEntry> Nodes);

/// <param name="Node">Where others dial it.</param>
/// <param name="Url">Where connectors reach it; null where they cannot, or shall not any more.</param>
/// <param name="Tunnels">Its open tunnels.</param>
/// <param name="IsThis">Whether it is the one that answers.</param>
internal sealed record NodeEntry(string Node, string? Url, int Tunnels, bool IsThis);

/// <summary>A page of all names.</summary>
/// <param name="After">What to ask for the next page with; null when this was the last.</param>
internal sealed record NameList(IReadOnlyList<NameEntry> Names, string? After);

internal sealed record NameEntry(string Name, string Owner, DateTimeOffset Created, DateTimeOffset Used, DateTimeOffset? FreeFrom);

internal sealed record DomainList(IReadOnlyList<DomainEntry> Domains);

/// <summary>A domain that its owner has proved.</summary>
/// <param name="Checked">When DNS was last asked with success.</param>
/// <param name="FailingSince">Since when the proof is gone; null while it is there.</param>
internal sealed record DomainEntry(string Domain, string Name, string Owner, DateTimeOffset? Checked, DateTimeOffset? FailingSince);

internal sealed record BanList(IReadOnlyList<BanEntry> Bans);

internal sealed record BanEntry(string Name, DateTimeOffset Since, string Reason);

internal sealed record BanRequest(string? Reason);

internal sealed record TokenList(IReadOnlyList<TokenEntry> Tokens);

/// <summary>A token without what is secret of it.</summary>
internal sealed record TokenEntry(string Name, DateTimeOffset Created, DateTimeOffset? Expires, string Names, int? MaxTunnels);

/// <param name="Stops">Whether the relay ends when nothing runs any more.</param>
/// <param name="Tunnels">Tunnels that are told to go elsewhere.</param>
/// <param name="Requests">Requests under way.</param>
/// <param name="Seconds">How long that may take, at most.</param>
internal sealed record DrainState(bool Stops, int Tunnels, int Requests, int Seconds);

internal sealed record AdminFault(string Error);

/// <summary>What is said on the port for operators, and what commands print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(TunnelList))]
[JsonSerializable(typeof(KickResult))]
[JsonSerializable(typeof(NodeList))]
[JsonSerializable(typeof(NameList))]
[JsonSerializable(typeof(DomainList))]
[JsonSerializable(typeof(BanList))]
[JsonSerializable(typeof(BanEntry))]
[JsonSerializable(typeof(BanRequest))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(DrainState))]
[JsonSerializable(typeof(AdminFault))]
internal sealed partial class AdminJson : JsonSerializerContext;
