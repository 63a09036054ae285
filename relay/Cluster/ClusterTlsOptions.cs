namespace Tunnel.Relay.Cluster;

/// <summary>What relays show each other, and whose word they take for it. All of it or nothing.</summary>
internal sealed class ClusterTlsOptions
{
    /// <summary>The certificate of this relay, for clients and servers, as PEM.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Its key, as PEM without a password.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The authority that all certificates of the cluster are from, as PEM.</summary>
    public string? AuthorityFile { get; set; }

    public bool IsOn => AuthorityFile is not null;
}
