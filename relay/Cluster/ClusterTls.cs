using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Cluster;

/// <summary>TLS between relays in which both show a certificate of the cluster's authority, and nobody else's word counts.</summary>
internal sealed partial class ClusterTls
{
    private static readonly TimeSpan s_tellAgainAfter = TimeSpan.FromMinutes(1);

    private readonly CertificateFiles _files;
    private readonly X509Certificate2Collection _authority = [];
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _saidAt;

    /// <exception cref="TlsSetupException">The files are no certificate with its key, or no authority.</exception>
    public ClusterTls(RelayOptions options, TimeProvider time, ILogger<ClusterTls> logger)
    {
        (_time, _logger) = (time, logger);
        var (certificate, authority) = (options.ClusterTls.CertificateFile!, options.ClusterTls.AuthorityFile!);
        try
        {
            _files = new CertificateFiles(certificate, options.ClusterTls.KeyFile!, what => Log.Changed(logger, what));
            _authority.ImportFromPemFile(authority);
        }
        catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
        {
            throw new TlsSetupException(
                $"cannot use {certificate} and {authority} between relays: {unusable.Message}",
                "all files are PEM, the key without a password and readable for the relay"
            );
        }

        if (_authority.Count == 0)
        {
            throw new TlsSetupException(
                $"there is no certificate in {authority}",
                "--cluster-tls-ca names the authority's certificate, as PEM"
            );
        }
    }

    /// <summary>For a connection that another relay makes.</summary>
    public SslServerAuthenticationOptions ForServer() =>
        new()
        {
            ServerCertificateContext = _files.Current().Options.ServerCertificateContext,
            ClientCertificateRequired = true,
            CertificateChainPolicy = OnlyOurs(),
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        };

    /// <summary>Connects to another relay, whose certificate has to be for the host that is dialled.</summary>
    /// <exception cref="NextHopGoneException">This relay does not believe the other; what the other thinks shows in the first read.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint node, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(node, cancellationToken);
            var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            await tls.AuthenticateAsClientAsync(ForClient(node.Host), cancellationToken);
            return new FirstAnswerStream(
                tls,
                () => Tell(node, "it closed the connection at once, and may not believe this relay's certificate")
            );
        }
        catch (Exception refused) when (refused is AuthenticationException or IOException)
        {
            socket.Dispose();
            Tell(node, refused.Message);
            throw new NextHopGoneException();
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private SslClientAuthenticationOptions ForClient(string host) =>
        new()
        {
            TargetHost = host,
            ClientCertificateContext = _files.Current().Options.ServerCertificateContext,
            CertificateChainPolicy = OnlyOurs(),
            ApplicationProtocols = [SslApplicationProtocol.Http2],
        };

    // Every request could say it.
    private void Tell(DnsEndPoint node, string reason)
    {
        var now = _time.GetTimestamp();
        var saidAt = Interlocked.Read(ref _saidAt);
        if (saidAt == 0 || _time.GetElapsedTime(saidAt, now) > s_tellAgainAfter)
        {
            Interlocked.Exchange(ref _saidAt, now);
            Log.Refused(_logger, node.ToString(), reason);
        }
    }

    private X509ChainPolicy OnlyOurs()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_authority);
        return policy;
    }

    private static partial class Log
    {
        [LoggerMessage(1407, LogLevel.Warning, "{What}", EventName = "ClusterCertificateChanged")]
        public static partial void Changed(ILogger logger, string what);

        [LoggerMessage(1408, LogLevel.Warning, "no TLS with another node node={Node}: {Reason}", EventName = "ClusterTlsRefused")]
        public static partial void Refused(ILogger logger, string node, string reason);
    }
}
