using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>What an operator can set about TLS.</summary>
internal static class TlsSettings
{
    public static readonly ImmutableArray<RelaySetting> All =
    [
        RelaySetting.Of(
            "--tls",
            CommonKinds.Choice<TlsMode>(),
            "where the certificate comes from; off where something in front of the relay has it",
            "off",
            (options, value) => options.Tls.Mode = value
        ),
        RelaySetting.Of(
            "--tls-cert",
            CommonKinds.FilePath,
            "with --tls files: certificate and chain (PEM), for the domain and *.domain, read again when they change",
            byDefault: null,
            (options, value) => options.Tls.CertificateFile = value
        ),
        RelaySetting.Of(
            "--tls-key",
            CommonKinds.FilePath,
            "private key (PEM, without a password) of that certificate",
            byDefault: null,
            (options, value) => options.Tls.KeyFile = value
        ),
        RelaySetting.Of(
            "--tls-domains",
            CommonKinds.FilePath,
            "a folder with certificates for domains of owners, as mcp.example.com/fullchain.pem and privkey.pem",
            byDefault: null,
            (options, value) => options.Tls.DomainsFolder = value
        ),
        RelaySetting.Of(
            "--hsts",
            RelayKinds.Duration,
            "how long browsers shall use nothing but https, 0 for not saying so; if not set 365d, with --tls dev 0",
            byDefault: null,
            (options, value) => options.Tls.StrictTransport = value
        ),
        RelaySetting.Of(
            "--acme-email",
            CommonKinds.Text,
            "with --tls acme: whom the certification authority writes to",
            byDefault: null,
            (options, value) => options.Tls.Acme.Email = value
        ),
        RelaySetting.Of(
            "--acme-dns",
            CommonKinds.Text,
            "the DNS provider as lego calls it; its credentials are lego's own variables",
            byDefault: null,
            (options, value) => options.Tls.Acme.DnsProvider = value
        ),
        RelaySetting.Of(
            "--acme-server",
            RelayKinds.AcmeServer,
            "the ACME directory, or staging for the tests of Let's Encrypt",
            AcmeOptions.LetsEncrypt.ToString(),
            (options, value) => options.Tls.Acme.Server = value
        ),
        RelaySetting.Of(
            "--acme-eab-kid",
            CommonKinds.Text,
            "the name of the key that the authority gave you for your account, if it wants one",
            byDefault: null,
            (options, value) => options.Tls.Acme.EabKeyId = value
        ),
        RelaySetting.Of(
            "--acme-eab-hmac-file",
            RelayKinds.EncodedSecretFile,
            "a file with that key, as base64url",
            byDefault: null,
            (options, value) => options.Tls.Acme.EabSecret = value
        ),
        RelaySetting.Of(
            "--acme-resolvers",
            RelayKinds.Resolvers,
            "resolvers (host:port) that see the challenge; those of the system if not set",
            byDefault: null,
            (options, value) => options.Tls.Acme.Resolvers = value
        ),
        RelaySetting.Of(
            "--acme-propagation",
            CommonKinds.Switch,
            "wait until all name servers of the zone have the challenge",
            "true",
            (options, value) => options.Tls.Acme.AwaitsPropagation = value
        ),
    ];
}
