using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Tls;
using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Tls;

/// <summary>A listener that speaks TLS: one certificate for the domain and all names below it, and one for each domain of an owner.</summary>
internal static class TlsListener
{
    /// <summary>Visitors' handshakes take three round trips; those that take longer are no visitors.</summary>
    private static readonly TimeSpan s_handshakeTimeout = TimeSpan.FromSeconds(10);

    public static void Configure(ListenOptions listen)
    {
        var certificates = listen.ApplicationServices.GetRequiredService<ICertificateSource>();
        var domains = listen.ApplicationServices.GetRequiredService<DomainRoutes>();
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(
            new TlsHandshakeCallbackOptions
            {
                HandshakeTimeout = s_handshakeTimeout,
                OnConnection = handshake =>
                    ValueTask.FromResult(
                        Find(handshake.ClientHelloInfo.ServerName)?.Options
                            ?? throw new AuthenticationException("there is no certificate yet")
                    ),
            }
        );

        ServedCertificate? Find(string serverName) =>
            domains.Find(serverName) is { } claim && certificates.Of(claim.Domain) is { } own ? own : certificates.Current;
    }
}
