using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tunnel.Relay.Team.Alerts.Webhooks;

/// <summary>
/// The key with which a receiver can tell that a message is ours (Standard Webhooks 1.0). It is written as <c>whsec_</c> and base64, shown once, and kept
/// as it is, because signing takes it.
/// </summary>
internal sealed class WebhookSecret
{
    private const string Prefix = "whsec_";

    /// <summary>The specification asks for 24 to 64.</summary>
    private const int Bytes = 32;

    private readonly byte[] _key;

    private WebhookSecret(byte[] key) => _key = key;

    public static WebhookSecret New() => new(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>As <see cref="Reveal"/> wrote it.</summary>
    public static WebhookSecret Parse(string text) => new(Convert.FromBase64String(text[Prefix.Length..]));

    /// <summary>For the store, and for the one who makes the rule.</summary>
    public string Reveal() => Prefix + Convert.ToBase64String(_key);

    /// <returns>The value of <c>webhook-signature</c>: <c>v1,</c> and base64 of the HMAC-SHA256 over id, time and body with full stops between.</returns>
    public string Sign(string messageId, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var head = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{messageId}.{unixSeconds}."));
        byte[] signed = [.. head, .. body];
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(_key, signed))}";
    }

    public override string ToString() => Prefix + "…";
}
