using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Relay.Team;

namespace Tunnel.Relay.Identity;

/// <summary>A bearer credential (RFC 6750) that a connector showed. It stays in memory only; what is kept is its hash.</summary>
internal sealed class Credential
{
    /// <summary>In front of a secret that a connector made up for itself.</summary>
    public const string AnonymousPrefix = "mcpra_";

    /// <summary>In front of a token that the operator created.</summary>
    public const string TokenPrefix = "mcprt_";

    /// <summary>Longer than any token that has a reason to be, also those of a verifier.</summary>
    private const int MaxLength = 4096;

    private const int SecretBytes = 32;

    private Credential(string value, CredentialKind kind)
    {
        Value = value;
        Kind = kind;
        Hash = HashOf(value);
    }

    public string Value { get; }

    public CredentialKind Kind { get; }

    /// <summary>SHA-256 in lower-case hex.</summary>
    public string Hash { get; }

    /// <summary>256 random bits as a token.</summary>
    public static string NewToken() => NewSecret(TokenPrefix);

    /// <summary>256 random bits behind a prefix.</summary>
    public static string NewSecret(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>What is behind <c>Bearer</c>, or null when nobody could have issued that.</summary>
    public static Credential? Parse(string value)
    {
        if (value.Length is 0 or > MaxLength)
        {
            return null;
        }

        if (value.StartsWith(AnonymousPrefix, StringComparison.Ordinal))
        {
            return HasSecret(value, AnonymousPrefix) ? new Credential(value, CredentialKind.Anonymous) : null;
        }

        if (value.StartsWith(TokenPrefix, StringComparison.Ordinal))
        {
            return HasSecret(value, TokenPrefix) ? new Credential(value, CredentialKind.Token) : null;
        }

        // What belongs to the team part is nothing to show a verifier.
        return value.StartsWith(MemberToken.Prefix, StringComparison.Ordinal) ? null : new Credential(value, CredentialKind.Foreign);
    }

    public static string HashOf(string credential) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential)));

    public override string ToString() => $"{Kind} credential";

    /// <summary>Whether this is a prefix and 256 bits; anything shorter could be guessed.</summary>
    public static bool HasSecret(string value, string prefix) =>
        value.StartsWith(prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(value.AsSpan(prefix.Length), out var bytes)
        && bytes == SecretBytes;
}

/// <summary>Who can tell whether a credential is good.</summary>
internal enum CredentialKind
{
    /// <summary>Nobody has to: it is its own proof.</summary>
    Anonymous,

    /// <summary>The token store.</summary>
    Token,

    /// <summary>The operator's own service, if there is one.</summary>
    Foreign,
}
