using Tunnel.ProxyCore.Files;
using Tunnel.ProxyCore.Tls;

namespace Tunnel.Relay.Tls;

/// <summary>
/// The certificate that was issued last, with its key, in one file: whoever reads it gets a pair that belongs together, whatever
/// happens to the relay while it writes.
/// </summary>
internal sealed class IssuedCertificate(string path, string domain)
{
    public string Path { get; } = path;

    /// <returns>Null where there is none that could be served.</returns>
    public ServedCertificate? Load()
    {
        try
        {
            return File.Exists(Path) ? Parse(File.ReadAllText(Path)) : null;
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            return null;
        }
    }

    /// <exception cref="IssuanceException">It is not what was ordered.</exception>
    public ServedCertificate Save(string certificatePem, string keyPem)
    {
        var text = keyPem.TrimEnd() + "\n" + certificatePem.TrimEnd() + "\n";
        try
        {
            var certificate = Parse(text) ?? throw new IssuanceException($"what was issued is not good for {domain} and *.{domain}");
            PrivateFile.Replace(Path, text);
            return certificate;
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            throw new IssuanceException($"what was issued cannot be used or kept: {unusable.Message}");
        }
    }

    private ServedCertificate? Parse(string text)
    {
        var certificate = ServedCertificate.FromPem(text, text);
        return certificate.Covers(domain) && certificate.Covers($"any-name.{domain}") ? certificate : null;
    }
}
