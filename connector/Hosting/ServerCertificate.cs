using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Connector.Configuration;

namespace Tunnel.Connector.Hosting;

/// <summary>
/// The certificate of the local port, read again when one of its files changed. Looking at the files at every handshake costs next to
/// nothing and works however they are replaced, also through links. Files that do not go together yet leave the old certificate in use.
/// </summary>
internal sealed class ServerCertificate
{
    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly Action<string> _say;
    private readonly Lock _lock = new();
    private SslStreamCertificateContext _current;
    private (FileStamp, FileStamp) _stamps;
    private (FileStamp, FileStamp) _complainedAbout;

    /// <exception cref="CryptographicException">The files are no certificate with its key.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ServerCertificate(string certificatePath, string keyPath, Action<string> say)
    {
        _certificatePath = certificatePath;
        _keyPath = keyPath;
        _say = say;
        _stamps = Stamps();
        _current = Read();
    }

    public SslStreamCertificateContext Current()
    {
        var stamps = Stamps();
        lock (_lock)
        {
            if (stamps != _stamps)
            {
                TryReplace(stamps);
            }

            return _current;
        }
    }

    private void TryReplace((FileStamp, FileStamp) stamps)
    {
        try
        {
            _current = Read();
            _stamps = stamps;
            _say($"certificate {_certificatePath} read again");
        }
        catch (Exception unusable) when (IsUnusable(unusable))
        {
            // Once for every state of the files; they may change one after the other.
            if (_complainedAbout != stamps)
            {
                _complainedAbout = stamps;
                _say($"certificate {_certificatePath} changed but cannot be used, the old one stays: {unusable.Message}");
            }
        }
    }

    /// <summary>Whether this is what reading throws at files that will not do.</summary>
    public static bool IsUnusable(Exception exception) =>
        exception is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    private SslStreamCertificateContext Read()
    {
        var certificate = X509Certificate2.CreateFromPemFile(_certificatePath, _keyPath);
        if (OperatingSystem.IsWindows())
        {
            // The TLS of Windows does not take keys that exist in memory only.
            certificate = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(_certificatePath);
        return SslStreamCertificateContext.Create(certificate, chain, offline: true);
    }

    private (FileStamp Certificate, FileStamp Key) Stamps() => (FileStamp.Of(_certificatePath), FileStamp.Of(_keyPath));
}
