using System.Collections.Concurrent;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Certificates for domains of owners, each in a folder of its name as certbot has it: <c>mcp.example.com/fullchain.pem</c> and
/// <c>privkey.pem</c>. They are taken when they come, and again when they change.
/// </summary>
internal sealed class DomainFiles
{
    private readonly string? _folder;
    private readonly Action<string> _say;

    // Bounded by --max-domains: what is taken off is taken out.
    private readonly ConcurrentDictionary<string, CertificateFiles> _files = new(StringComparer.Ordinal);

    /// <param name="folder">Null for none.</param>
    /// <param name="domains">What is proved; nothing else is looked for.</param>
    /// <param name="say">Gets what happens to the files.</param>
    public DomainFiles(string? folder, DomainRoutes domains, Action<string> say)
    {
        _folder = folder;
        _say = say;
        domains.Changed += (before, after) =>
        {
            if (after is null)
            {
                _files.TryRemove(before!.Domain, out _);
            }
        };
    }

    /// <summary>Null where there is none that could be served for this domain.</summary>
    public ServedCertificate? Find(string domain)
    {
        if (_folder is null)
        {
            return null;
        }

        if (!_files.TryGetValue(domain, out var files))
        {
            files = TryRead(domain);
            if (files is null)
            {
                return null;
            }

            _files.TryAdd(domain, files);
        }

        return files.Current() is { } certificate && certificate.Covers(domain) ? certificate : null;
    }

    public string? FindProblem(string domain) => Find(domain) is null ? "the operator of the relay has no certificate for it" : null;

    private CertificateFiles? TryRead(string domain)
    {
        var certificate = Path.Combine(_folder!, domain, "fullchain.pem");
        try
        {
            return File.Exists(certificate) ? new CertificateFiles(certificate, Path.Combine(_folder!, domain, "privkey.pem"), _say) : null;
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            // They may still be being written; the next handshake looks again.
            return null;
        }
    }
}
