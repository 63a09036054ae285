using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Cluster;

/// <summary>
/// Closes what relays leave to each other in Redis, so that nobody reads or changes it who does not know the cluster's key: AES-256-GCM
/// (NIST SP 800-38D) with a key of its own by HKDF (RFC 5869).
/// </summary>
internal sealed class ClusterSeal(RelayOptions options)
{
    /// <summary>Goes before everything that was closed in this way.</summary>
    private const string Version = "1.";

    private const int KeyBytes = 32;

    private readonly byte[] _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256,
        options.ClusterSecret,
        KeyBytes,
        info: "mcpr certificates in redis"u8.ToArray()
    );

    /// <param name="text">What to close.</param>
    /// <param name="purpose">What it is; it opens as nothing else.</param>
    public string Close(string text, string purpose)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var sealedBytes = new byte[AesGcm.NonceByteSizes.MaxSize + plain.Length + AesGcm.TagByteSizes.MaxSize];
        var (nonce, cipher, tag) = Parts(sealedBytes);
        // At random: 2^32 of them may be closed with one key, and some hundred are in a year.
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, AesGcm.TagByteSizes.MaxSize);
        aes.Encrypt(nonce, plain, cipher, tag, Encoding.UTF8.GetBytes(purpose));
        return Version + Base64Url.EncodeToString(sealedBytes);
    }

    /// <returns>Null for what nobody with this key has closed for this purpose.</returns>
    public string? TryOpen(string closed, string purpose)
    {
        try
        {
            if (!closed.StartsWith(Version, StringComparison.Ordinal))
            {
                return null;
            }

            var sealedBytes = Base64Url.DecodeFromChars(closed.AsSpan(Version.Length));
            var (nonce, cipher, tag) = Parts(sealedBytes);
            var plain = new byte[cipher.Length];
            using var aes = new AesGcm(_key, AesGcm.TagByteSizes.MaxSize);
            aes.Decrypt(nonce, cipher, tag, plain, Encoding.UTF8.GetBytes(purpose));
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception broken) when (broken is CryptographicException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private static SealedParts Parts(Span<byte> bytes) =>
        new(
            bytes[..AesGcm.NonceByteSizes.MaxSize],
            bytes[AesGcm.NonceByteSizes.MaxSize..^AesGcm.TagByteSizes.MaxSize],
            bytes[^AesGcm.TagByteSizes.MaxSize..]
        );

    private readonly ref struct SealedParts(Span<byte> nonce, Span<byte> cipher, Span<byte> tag)
    {
        private readonly Span<byte> _nonce = nonce;
        private readonly Span<byte> _cipher = cipher;
        private readonly Span<byte> _tag = tag;

        public void Deconstruct(out Span<byte> nonce, out Span<byte> cipher, out Span<byte> tag)
        {
            nonce = _nonce;
            cipher = _cipher;
            tag = _tag;
        }
    }
}
