using Tunnel.ProxyCore.Files;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Tls.Orders;

namespace Tunnel.Relay.Tls;

/// <summary>
/// The certificate that was issued last, with its key, in one file: whoever reads it gets a pair that belongs together, whatever
/// happens to the relay while it writes.
/// </summary>
internal sealed class IssuedCertificate(string path, CertificateSubject subject)
{
    /// <returns>Key and certificate in one text.</returns>
    public static string Join(string certificatePem, string keyPem) => keyPem.TrimEnd() + "\n" + certificatePem.TrimEnd() + "\n";

    /// <returns>Null for what cannot be served, or is for something else.</returns>
    public static ServedCertificate? TryParse(string pem, CertificateSubject subject)
    {
        try
        {
            var certificate = ServedCertificate.FromPem(pem, pem);
            return subject.Hosts.All(certificate.Covers) ? certificate : null;
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            return null;
        }
    }

    /// <returns>Null where there is none that could be served.</returns>
    public ServedCertificate? Load()
    {
        try
        {
            return File.Exists(path) ? TryParse(File.ReadAllText(path), subject) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <param name="pem">What can be parsed.</param>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public void Save(string pem) => PrivateFile.Replace(path, pem);
}
