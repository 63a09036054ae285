using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Contract;

/// <summary>The answer to <c>GET /_mcpr/account</c>: who a credential is, and what it may have.</summary>
/// <param name="Owner">What names belong to.</param>
/// <param name="AllowedNames">Patterns with commas in between; <c>*</c> for all.</param>
/// <param name="MaxTunnels">Tunnels that may be open at once.</param>
/// <param name="MaxNames">Names that may be had at once.</param>
/// <param name="KeepsNamesForSeconds">How long an unused name is kept; null for good.</param>
/// <param name="ExpiresAt">When the credential ends; null for never.</param>
public sealed record Account(
    string Owner,
    string AllowedNames,
    int MaxTunnels,
    int MaxNames,
    long? KeepsNamesForSeconds,
    DateTimeOffset? ExpiresAt
);

/// <summary>The answer to <c>GET /_mcpr/names</c>.</summary>
public sealed record NameListing(IReadOnlyList<OwnedName> Names);

/// <param name="Name">The name.</param>
/// <param name="PublicUrl">The origin that it has.</param>
/// <param name="IsOpen">Whether a tunnel of it is open on the relay that answers.</param>
/// <param name="UsedAt">When it was last in use.</param>
/// <param name="ExpiresAt">When it is free again unless it is used before; null for never.</param>
public sealed record OwnedName(string Name, string PublicUrl, bool IsOpen, DateTimeOffset UsedAt, DateTimeOffset? ExpiresAt);

/// <summary>Their JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(NameListing))]
public sealed partial class AccountJson : JsonSerializerContext;
