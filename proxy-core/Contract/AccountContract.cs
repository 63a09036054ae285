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

/// <summary>The answer to <c>GET /_mcpr/domains</c>.</summary>
public sealed record DomainListing(IReadOnlyList<OwnedDomain> Domains);

/// <summary>A domain that somebody claims.</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Name">The name whose tunnel serves it.</param>
/// <param name="State"><see cref="Waiting"/>, <see cref="Active"/> or <see cref="Failing"/>.</param>
/// <param name="PublicUrl">The origin that it has.</param>
/// <param name="RecordName">Where the TXT record belongs that proves it.</param>
/// <param name="RecordValue">What that record says; no secret.</param>
/// <param name="Target">The host that the domain itself has to lead to.</param>
/// <param name="Reason">Why it is not active, or will not stay so; null where all is well.</param>
/// <param name="CheckedAt">When DNS was last asked with success; null for never.</param>
/// <param name="EndsAt">When it is taken off or forgotten unless DNS has the record again; null for never.</param>
public sealed record OwnedDomain(
    string Domain,
    string Name,
    string State,
    string PublicUrl,
    string RecordName,
    string RecordValue,
    string Target,
    string? Reason,
    DateTimeOffset? CheckedAt,
    DateTimeOffset? EndsAt
)
{
    /// <summary>DNS has no proof of it.</summary>
    public const string Waiting = "waiting";

    /// <summary>Requests for it go to the name.</summary>
    public const string Active = "active";

    /// <summary>Active, but its proof is gone.</summary>
    public const string Failing = "failing";
}

/// <summary>Their JSON, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Account))]
[JsonSerializable(typeof(NameListing))]
[JsonSerializable(typeof(DomainListing))]
public sealed partial class AccountJson : JsonSerializerContext;
