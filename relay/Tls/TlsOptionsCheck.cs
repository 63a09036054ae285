using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>What about TLS does not go together.</summary>
internal static class TlsOptionsCheck
{
    public static IEnumerable<string> Find(RelayOptions options)
    {
        var tls = options.Tls;
        var isEncrypted = options.ListenAddresses().Any(address => address.Scheme == Uri.UriSchemeHttps);
        if (isEncrypted && !tls.IsOn)
        {
            yield return "--listen has an https address, which needs --tls files, dev or acme";
        }

        if (tls.IsOn && !isEncrypted)
        {
            yield return "--tls needs an https address in --listen; http addresses beside it send visitors there";
        }

        if (tls.IsOn && options.PublicUrl is { } url && url.Scheme != Uri.UriSchemeHttps)
        {
            yield return $"--public-url '{url}' is not https, but --tls is on";
        }

        foreach (var problem in tls.Mode == TlsMode.Files ? FindInFiles(tls) : FindUnused(tls))
        {
            yield return problem;
        }

        if (tls.Mode == TlsMode.Acme && (tls.Acme.Email is null || tls.Acme.DnsProvider is null))
        {
            yield return "--tls acme needs --acme-email and --acme-dns";
        }

        // It becomes the name of a folder.
        if (tls.Acme.Email is { } email && (!email.Contains('@', StringComparison.Ordinal) || email.AsSpan().ContainsAny("/\\ ")))
        {
            yield return $"--acme-email '{email}' is not like you@example.com";
        }

        if (tls.Acme.EabKeyId is null != tls.Acme.EabSecret is null)
        {
            yield return "--acme-eab-kid and --acme-eab-hmac-file go together";
        }

        // Neither browsers nor OpenSSL accept *.localhost, a wildcard for what could be everybody's.
        if (tls.Mode is TlsMode.Dev or TlsMode.Acme && !options.Domain.Contains('.', StringComparison.Ordinal))
        {
            yield return $"--domain '{options.Domain}' has one label, for which no wildcard certificate works; take one like tunnel.localhost";
        }
    }

    private static IEnumerable<string> FindInFiles(TlsOptions tls)
    {
        if (tls.CertificateFile is null || tls.KeyFile is null)
        {
            yield return "--tls files needs --tls-cert and --tls-key";
        }
    }

    private static IEnumerable<string> FindUnused(TlsOptions tls)
    {
        if (tls.CertificateFile is not null || tls.KeyFile is not null)
        {
            yield return "--tls-cert and --tls-key are nothing without --tls files";
        }

        if (tls.DomainsFolder is not null)
        {
            yield return "--tls-domains is nothing without --tls files";
        }
    }
}
