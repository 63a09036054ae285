using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.ProxyCore.Files;

namespace Tunnel.Relay.Tls;

/// <summary>
/// A certification authority of this relay alone. Its certificate says that it is good for the relay's domain only, so that whoever
/// trusts it trusts its key with nothing else.
/// </summary>
internal sealed class DevAuthority
{
    private const int SerialNumberBytes = 16;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(3650);

    private readonly X509Certificate2 _certificate;

    private DevAuthority(string path, X509Certificate2 certificate)
    {
        Path = path;
        _certificate = certificate;
    }

    /// <summary>The file to trust.</summary>
    public string Path { get; }

    /// <param name="folder">Holds <c>ca.pem</c> and <c>ca-key.pem</c>, both for the relay's eyes only.</param>
    /// <param name="domain">What it is good for.</param>
    /// <param name="now">When.</param>
    /// <exception cref="CryptographicException">What is in the folder is no authority.</exception>
    /// <exception cref="IOException">The folder cannot be used.</exception>
    public static DevAuthority LoadOrCreate(string folder, string domain, DateTimeOffset now)
    {
        var path = System.IO.Path.Combine(folder, "ca.pem");
        var keyPath = System.IO.Path.Combine(folder, "ca-key.pem");
        if (!File.Exists(path))
        {
            var (certificate, key) = Create(domain, now);
            // The certificate comes last: where it is, the key is too.
            PrivateFile.Replace(keyPath, key);
            PrivateFile.Replace(path, certificate);
        }

        return new DevAuthority(path, X509Certificate2.CreateFromPemFile(path, keyPath));
    }

    /// <returns>A certificate for the host and the names below it, with its key, as PEM.</returns>
    public (string CertificatePem, string KeyPem) Issue(string domain, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(domain);
        names.AddDnsName($"*.{domain}");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        request.CertificateExtensions.Add(
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
                _certificate,
                includeKeyIdentifier: true,
                includeIssuerAndSerial: false
            )
        );
        using var certificate = request.Create(_certificate, from, to, RandomNumberGenerator.GetBytes(SerialNumberBytes));
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static (string CertificatePem, string KeyPem) Create(string domain, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=mcpr-relay development CA for {domain}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(OnlyFor(domain));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + s_lifetime);
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Name constraints (RFC 5280 section 4.2.1.10): the domain and what is below it.</summary>
    private static X509Extension OnlyFor(string domain)
    {
        var permittedSubtrees = new Asn1Tag(TagClass.ContextSpecific, 0);
        var dnsName = new Asn1Tag(TagClass.ContextSpecific, 2);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        using (writer.PushSequence(permittedSubtrees))
        using (writer.PushSequence())
        {
            writer.WriteCharacterString(UniversalTagNumber.IA5String, domain, dnsName);
        }

        return new X509Extension(new Oid("2.5.29.30", "nameConstraints"), writer.Encode(), critical: true);
    }
}
