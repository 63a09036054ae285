using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Tunnel.Bench.Run.Paths;

/// <summary>A certificate for everything on this machine, which signs itself, and its key, as files.</summary>
internal sealed class TlsFiles
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(1);

    public TlsFiles(Bed bed)
    {
        var now = TimeProvider.System.GetUtcNow();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench", key, HashAlgorithmName.SHA256);
        var hosts = new SubjectAlternativeNameBuilder();
        hosts.AddDnsName("localhost");
        // Nobody takes *.localhost.
        hosts.AddDnsName("bench-run.localhost");
        hosts.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(hosts.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Certificate = request.CreateSelfSigned(now - s_lifetime, now + s_lifetime);
        CertificatePath = bed.NewFile("certificate.pem");
        KeyPath = bed.NewFile("key.pem");
        File.WriteAllText(CertificatePath, Certificate.ExportCertificatePem());
        File.WriteAllText(KeyPath, key.ExportPkcs8PrivateKeyPem());
    }

    public X509Certificate2 Certificate { get; }

    public string CertificatePath { get; }

    public string KeyPath { get; }
}
