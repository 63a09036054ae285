using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.ProxyCore.Tls;

namespace Tunnel.Connector.Cli;

/// <summary>Makes the local listener that the settings ask for.</summary>
internal static class LocalListeners
{
    /// <returns>The listener, or null with what is wrong with its certificate.</returns>
    public static LocalListener? Create(Settings settings, int? defaultPort, Action<string> say, out Refusal? refusal)
    {
        refusal = null;
        CertificateFiles? certificate = null;
        if (settings.TryGet(ConfigurationSchema.TlsCert, out var path) && settings.TryGet(ConfigurationSchema.TlsKey, out var key))
        {
            try
            {
                certificate = new CertificateFiles(path, key, say);
            }
            catch (Exception unusable) when (ServedCertificate.IsUnusable(unusable))
            {
                refusal = new Refusal(
                    ExitCodes.Configuration,
                    $"cannot use the certificate {path}: {unusable.Message}",
                    "both files are PEM, the key without a password"
                );
                return null;
            }
        }

        var port = settings.TryGet(ConfigurationSchema.Port, out var wanted) ? wanted : defaultPort!.Value;
        return new LocalListener(settings.Get(ConfigurationSchema.Bind), port, certificate);
    }
}
