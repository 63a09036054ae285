using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.ProxyCore.Tls;

/// <summary>
/// A certificate as a server presents it. One object for all handshakes: what lets sessions resume belongs to the context, and a new
/// context for each connection would make every handshake a full one.
/// </summary>
public sealed class ServedCertificate
{
    private ServedCertificate(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        Certificate = certificate;
        Options = new SslServerAuthenticationOptions
        {
            // Without "offline", building the chain may wait for downloads.
            ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = false,
        };
    }

    /// <summary>The server's own certificate, with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What every handshake uses: HTTP/2 or HTTP/1.1, as the client likes.</summary>
    public SslServerAuthenticationOptions Options { get; }

    /// <summary>Whether this is what reading throws at text or files that will not do.</summary>
    public static bool IsUnusable(Exception exception) =>
        exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <param name="certificatePem">The certificate, followed by the ones that it was issued by.</param>
    /// <param name="keyPem">Its private key, without a password.</param>
    /// <exception cref="CryptographicException">They are no certificate with its key.</exception>
    /// <exception cref="ArgumentException">The key belongs to another certificate, or there is none.</exception>
    public static ServedCertificate FromPem(string certificatePem, string keyPem)
    {
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        if (OperatingSystem.IsWindows())
        {
            // The TLS of Windows does not take keys that exist in memory only.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(certificatePem);
        return new ServedCertificate(certificate, chain);
    }

    /// <summary>Whether clients accept it for this host.</summary>
    public bool Covers(string host) => Certificate.MatchesHostname(host);
}
