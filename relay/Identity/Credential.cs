using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Tunnel.Relay.Identity;

/// <summary>The two kinds of bearer credential (RFC 6750) that a connector can show. Only their hashes are ever kept.</summary>
internal static class Credential
{
    /// <summary>In front of a secret that a connector made up for itself.</summary>
    public const string AnonymousPrefix = "mcpra_";

    /// <summary>In front of a token that the operator created.</summary>
    public const string TokenPrefix = "mcprt_";

    private const int SecretBytes = 32;

    /// <summary>256 random bits as a token.</summary>
    public static string NewToken() => TokenPrefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Whether a credential of this kind carries 256 bits; anything shorter could be guessed.</summary>
    public static bool IsWellFormed(string credential, string prefix) =>
        credential.StartsWith(prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(credential.AsSpan(prefix.Length), out var bytes)
        && bytes == SecretBytes;

    public static string Hash(string credential) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(credential)));
}
