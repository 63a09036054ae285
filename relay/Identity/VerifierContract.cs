using System.Text.Json.Serialization;

namespace Tunnel.Relay.Identity;

/// <summary>What is asked.</summary>
/// <param name="Credential">What the connector showed behind <c>Bearer</c>.</param>
internal sealed record VerifierQuestion(string Credential)
{
    public override string ToString() => nameof(VerifierQuestion);
}

/// <summary>The answer with 200; 401, 403 and 404 mean no.</summary>
/// <param name="Owner">What names belong to.</param>
/// <param name="Names">Patterns of the names that are allowed; all without it.</param>
/// <param name="MaxTunnels">Tunnels at once; the relay's own limit without it.</param>
/// <param name="ExpiresAt">When the credential ends; never without it.</param>
internal sealed record VerifierAnswer(string Owner, IReadOnlyList<string>? Names, int? MaxTunnels, DateTimeOffset? ExpiresAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifierQuestion))]
[JsonSerializable(typeof(VerifierAnswer))]
internal sealed partial class VerifierJson : JsonSerializerContext;
