using System.Collections.Immutable;
using Tunnel.ProxyCore.Configuration;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Cluster;

/// <summary>The settings of <see cref="ClusterTlsOptions"/>.</summary>
internal static class ClusterTlsSettings
{
    public static readonly ImmutableArray<RelaySetting> All =
    [
        RelaySetting.Of(
            "--cluster-tls-cert",
            CommonKinds.FilePath,
            "certificate (PEM) that this relay shows the others, for server and client; read again when it changes",
            byDefault: null,
            (options, value) => options.ClusterTls.CertificateFile = value
        ),
        RelaySetting.Of(
            "--cluster-tls-key",
            CommonKinds.FilePath,
            "private key (PEM) of that certificate",
            byDefault: null,
            (options, value) => options.ClusterTls.KeyFile = value
        ),
        RelaySetting.Of(
            "--cluster-tls-ca",
            CommonKinds.FilePath,
            "the authority (PEM) that the certificates of all relays are from; --cluster-listen is https then",
            byDefault: null,
            (options, value) => options.ClusterTls.AuthorityFile = value
        ),
    ];

    /// <summary>What does not go together.</summary>
    public static IEnumerable<string> FindProblems(RelayOptions options)
    {
        var tls = options.ClusterTls;
        var given = new[] { tls.CertificateFile, tls.KeyFile, tls.AuthorityFile }.Count(file => file is not null);
        if (given is not (0 or 3))
        {
            yield return "--cluster-tls-cert, --cluster-tls-key and --cluster-tls-ca go together";
        }

        if (given > 0 && options.ClusterListen is null)
        {
            yield return "--cluster-tls-cert is nothing without --cluster-listen";
        }

        var scheme = tls.IsOn ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        if (options.ClusterListen is { } listen && listen.Scheme != scheme)
        {
            yield return $"--cluster-listen '{listen}' has to be {scheme}, with --cluster-tls-ca https";
        }

        if (options.NodeAddress is { } node && node != options.ClusterListen && node.Scheme != scheme)
        {
            yield return $"--node-address '{node}' has to be {scheme}, with --cluster-tls-ca https";
        }
    }
}
