using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>A token, and what is needed to get the next one without a person.</summary>
internal sealed record StoredLogin
{
    /// <summary>For whoever looks into the folder.</summary>
    public required Uri Url { get; init; }

    public required string Resource { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public required string ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public required string ClientAuthentication { get; init; }

    public required string AccessToken { get; init; }

    public string? RefreshToken { get; init; }

    /// <summary>Null where the server did not say.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    [JsonIgnore]
    public OAuthClient Client => new(ClientId, ClientSecret, ClientAuthentication);

    /// <summary>Has no token in it.</summary>
    public override string ToString() => $"login at {Url}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(StoredLogin))]
[JsonSerializable(typeof(RegistrationRequest))]
internal sealed partial class LoginJson : JsonSerializerContext;
