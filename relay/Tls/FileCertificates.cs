using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Tls;

/// <summary>Files that the operator, or a program of theirs, keeps fresh: for the relay, and for domains of owners.</summary>
internal sealed partial class FileCertificates : ICertificateSource
{
    private readonly CertificateFiles _files;
    private readonly DomainFiles _domains;

    /// <exception cref="TlsSetupException">The files are no certificate with its key.</exception>
    public FileCertificates(RelayOptions options, DomainRoutes domains, ILogger<FileCertificates> logger)
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

        _domains = new DomainFiles(options.Tls.DomainsFolder, domains, what => Log.Changed(logger, what));
        foreach (var host in (string[])[options.Domain, $"any-name.{options.Domain}"])
        {
            if (!_files.Current().Covers(host))
            {
                Log.NotCovered(logger, path, host);
            }
        }
    }

    public ServedCertificate? Current => _files.Current();

    public ServedCertificate? Of(string domain) => _domains.Find(domain);

    public string? FindProblem(string domain) => _domains.FindProblem(domain);

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Warning, "{What}", EventName = "CertificateFilesChanged")]
        public static partial void Changed(ILogger logger, string what);

        [LoggerMessage(1302, LogLevel.Warning, "certificate {Path} is not good for {Host}", EventName = "CertificateNotCovering")]
        public static partial void NotCovered(ILogger logger, string path, string host);
    }
}
