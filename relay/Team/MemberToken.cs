using Tunnel.Relay.Identity;

namespace Tunnel.Relay.Team;

/// <summary>What members show. It is a secret like those that open tunnels, and told apart from them by what it begins with.</summary>
internal static class MemberToken
{
    public const string Prefix = "mcpt_";

    /// <summary>256 random bits as a token.</summary>
    public static string New() => Credential.NewSecret(Prefix);

    /// <returns>The hash to look for, or null when nobody could have issued that.</returns>
    public static string? HashOf(string shown) => Credential.HasSecret(shown, Prefix) ? Credential.HashOf(shown) : null;
}
