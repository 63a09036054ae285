namespace Tunnel.Relay.Tls;

/// <summary>What an authority gave a customer to bind an ACME account to theirs (RFC 8555 section 7.3.4).</summary>
/// <param name="Id">The name of the key.</param>
/// <param name="Secret">The key of the signature (HMAC-SHA256). Never logged, and never an argument of another program.</param>
internal sealed record AcmeAccountKey(string Id, byte[] Secret)
{
    public override string ToString() => $"account key {Id}";
}
