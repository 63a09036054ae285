namespace Tunnel.Relay.Tls.Orders;

/// <summary>What a certificate is for.</summary>
/// <param name="Domain">The host, in lower case.</param>
/// <param name="IsWildcard">Whether the names below it are meant too: the relay's own, proved in DNS. Others are proved over HTTP.</param>
internal sealed record CertificateSubject(string Domain, bool IsWildcard)
{
    /// <summary>Stands for all of them.</summary>
    private const string AnyName = "any-name";

    /// <summary>The hosts that it has to be good for.</summary>
    public IEnumerable<string> Hosts => IsWildcard ? [Domain, $"{AnyName}.{Domain}"] : [Domain];

    public override string ToString() => IsWildcard ? $"{Domain} and *.{Domain}" : Domain;
}
