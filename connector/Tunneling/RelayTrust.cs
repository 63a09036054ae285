using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Connector.Tunneling;

/// <summary>Whose certificates of relays count: what this machine trusts, or only the authorities in a file.</summary>
internal sealed class RelayTrust
{
    /// <summary>What this machine trusts.</summary>
    public static readonly RelayTrust Machine = new(roots: null);

    private static readonly Oid s_serverAuthentication = new("1.3.6.1.5.5.7.3.1");

    private readonly X509Certificate2Collection? _roots;

    private RelayTrust(X509Certificate2Collection? roots)
    {
        _roots = roots;
    }

    /// <summary>The check to put into TLS; null for that of the platform.</summary>
    public RemoteCertificateValidationCallback? Validation => _roots is null ? null : Validate;

    /// <param name="path">Certificates of authorities, as PEM.</param>
    /// <exception cref="CryptographicException">There are none in it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static RelayTrust Load(string path)
    {
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(path);
        return roots.Count > 0 ? new RelayTrust(roots) : throw new CryptographicException("there is no certificate in it");
    }

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? platform, SslPolicyErrors errors)
    {
        // Who issued it is ours to judge; that it is the relay's, the platform has judged.
        if (
            certificate is not X509Certificate2 presented
            || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None
        )
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ApplicationPolicy.Add(s_serverAuthentication);
        // The intermediates that came with it.
        foreach (var element in platform?.ChainPolicy.ExtraStore ?? [])
        {
            chain.ChainPolicy.ExtraStore.Add(element);
        }

        return chain.Build(presented);
    }
}
