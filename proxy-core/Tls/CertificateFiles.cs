using System.Security.Cryptography;
using Tunnel.ProxyCore.Files;

namespace Tunnel.ProxyCore.Tls;

/// <summary>
/// A certificate in PEM files, read again when one of them changed. Looking at the files at every handshake costs next to
/// nothing and works however they are replaced, also through links. Files that do not go together yet leave the old certificate in use.
/// </summary>
public sealed class CertificateFiles
{
    private readonly string _certificatePath;
    private readonly string _keyPath;
    private readonly Action<string> _say;
    private readonly Lock _lock = new();
    private ServedCertificate _current;
    private (FileStamp, FileStamp) _stamps;
    private (FileStamp, FileStamp) _complainedAbout;

    /// <param name="certificatePath">The certificate and its chain.</param>
    /// <param name="keyPath">Its key, without a password.</param>
    /// <param name="say">Gets what happens to the files.</param>
    /// <exception cref="CryptographicException">The files are no certificate with its key.</exception>
    /// <exception cref="ArgumentException">They do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public CertificateFiles(string certificatePath, string keyPath, Action<string> say)
    {
        _certificatePath = certificatePath;
        _keyPath = keyPath;
        _say = say;
        _stamps = Stamps();
        _current = Read();
    }

    /// <summary>What the files hold now, or held when they were good last.</summary>
    public ServedCertificate Current()
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
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            // Once for every state of the files; they may change one after the other.
            if (_complainedAbout != stamps)
            {
                _complainedAbout = stamps;
                _say($"certificate {_certificatePath} changed but cannot be used, the old one stays: {unusable.Message}");
            }
        }
    }

    private ServedCertificate Read() => ServedCertificate.FromPem(File.ReadAllText(_certificatePath), File.ReadAllText(_keyPath));

    private (FileStamp Certificate, FileStamp Key) Stamps() => (FileStamp.Of(_certificatePath), FileStamp.Of(_keyPath));
}
