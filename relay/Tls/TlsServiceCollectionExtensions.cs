using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

internal static class TlsServiceCollectionExtensions
{
    public static void AddRelayTls(this IServiceCollection services, RelayOptions options)
    {
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
                services.AddSingleton<AcmeCertificates>();
                services.AddSingleton<ICertificateSource>(provider => provider.GetRequiredService<AcmeCertificates>());
                services.AddHostedService(provider => provider.GetRequiredService<AcmeCertificates>());
                break;
        }
    }
}
