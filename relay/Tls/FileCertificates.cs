using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>Files that the operator, or a program of theirs, keeps fresh.</summary>
internal sealed partial class FileCertificates : ICertificateSource
{
    private readonly CertificateFiles _files;

    /// <exception cref="TlsSetupException">The files are no certificate with its key.</exception>
    public FileCertificates(RelayOptions options, ILogger<FileCertificates> logger)
    {
        var path = options.Tls.CertificateFile!;
        try
        {
            _files = new CertificateFiles(path, options.Tls.KeyFile!, what => Log.Changed(logger, what));
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            throw new TlsSetupException(
                $"cannot use the certificate {path}: {unusable.Message}",
                "both files are PEM, the key without a password and readable for the relay"
            );
        }

        foreach (var host in (string[])[options.Domain, $"any-name.{options.Domain}"])
        {
            if (!_files.Current().Covers(host))
            {
                Log.NotCovered(logger, path, host);
            }
        }
    }

    public ServedCertificate? Current => _files.Current();

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Warning, "{What}", EventName = "CertificateFilesChanged")]
        public static partial void Changed(ILogger logger, string what);

        [LoggerMessage(1302, LogLevel.Warning, "certificate {Path} is not good for {Host}", EventName = "CertificateNotCovering")]
        public static partial void NotCovered(ILogger logger, string path, string host);
    }
}
