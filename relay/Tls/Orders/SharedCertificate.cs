namespace Tunnel.Relay.Tls.Orders;

/// <summary>What a relay left to the others.</summary>
/// <param name="Pem">The certificate with its chain and key.</param>
/// <param name="Revision">Tells it from what was there before.</param>
internal sealed record SharedCertificate(string Pem, long Revision)
{
    // The key is nobody's to read in a log.
    public override string ToString() => $"certificate at revision {Revision}";
}
