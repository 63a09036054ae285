using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tls.Orders;

namespace Tunnel.Relay.Tls;

internal static class TlsServiceCollectionExtensions
{
    public static void AddRelayTls(this IServiceCollection services, RelayOptions options)
    {
        // Those of --tls dev are made anew when they are needed.
        if (options.Tls.Mode is TlsMode.Files or TlsMode.Acme)
        {
            services.AddSingleton<CertificateEnds>();
            services.AddHostedService<CertificateWatch>();
        }

        switch (options.Tls.Mode)
        {
            case TlsMode.Files:
                services.AddSingleton<ICertificateSource, FileCertificates>();
                break;
            case TlsMode.Dev:
                services.AddSingleton<ICertificateSource, DevCertificates>();
                break;
            case TlsMode.Acme:
                services.AddSingleton<LegoClient>();
                if (options.ClusterListen is null)
                {
                    services.AddSingleton<IOrderTurns, LoneTurns>();
                }
                else
                {
                    services.AddSingleton<ClusterSeal>();
                    services.AddSingleton<IOrderTurns, SharedTurns>();
                }

                services.AddSingleton<HttpChallenges>();
                services.AddSingleton<AcmeCertificates>();
                services.AddSingleton<ICertificateSource>(provider => provider.GetRequiredService<AcmeCertificates>());
                services.AddHostedService(provider => provider.GetRequiredService<AcmeCertificates>());
                break;
        }
    }
}
