using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.Files;

namespace Tunnel.Connector.Identity;

/// <summary>
/// 256 random bits that make this user the same one tomorrow, without an account. The file is 0600 in a folder of 0700.
/// Relays never see the secret itself: each gets a credential derived for it, so that one cannot pose as this user at another.
/// </summary>
internal sealed class AnonymousIdentity
{
    private const int SecretBytes = 32;
    private const string FileName = "identity";
    private const string CredentialPrefix = "mcpra_";

    private readonly byte[] _secret;

    private AnonymousIdentity(byte[] secret)
    {
        _secret = secret;
    }

    /// <summary>Reads the identity, or makes one on the first run.</summary>
    /// <exception cref="IdentityException">The file can be read by others, or is not an identity.</exception>
    public static AnonymousIdentity LoadOrCreate(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            // Where another run was first, its identity is the one.
            PrivateFile.Create(path, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes)) + "\n");
        }

        return Read(path);
    }

    /// <summary>The bearer credential for one relay.</summary>
    public string CredentialFor(Uri relay) =>
        CredentialPrefix + Base64Url.EncodeToString(Derive("relay", relay.GetLeftPart(UriPartial.Authority).ToLowerInvariant()));

    /// <summary>A stable fingerprint of something local, from which nobody else can guess what it stands for.</summary>
    public string FingerprintOf(string text) => Base64Url.EncodeToString(Derive("project", text).AsSpan(0, 16));

    public override string ToString() => nameof(AnonymousIdentity);

    private byte[] Derive(string purpose, string text) => HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{purpose}\n{text}"));

    private static AnonymousIdentity Read(string path)
    {
        var text = SecretFile.Read(path, $"chmod 600 {path}, or delete it for a new identity and name").Trim();
        var secret = Base64Url.IsValid(text, out var length) && length == SecretBytes ? Base64Url.DecodeFromChars(text) : null;
        return secret is not null
            ? new AnonymousIdentity(secret)
            : throw new IdentityException($"{path} is not an identity file", "restore it, or delete it for a new identity and name");
    }
}
