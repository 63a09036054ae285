using System.Security.Cryptography;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Tunneling;

namespace Tunnel.Connector.Cli;

/// <summary>Reads whom to trust as issuer of a relay's certificate.</summary>
internal static class RelayTrustSetting
{
    /// <exception cref="IdentityException">The file has no certificates.</exception>
    public static RelayTrust Read(Settings settings)
    {
        if (!settings.TryGet(ConfigurationSchema.RelayCa, out var path))
        {
            return RelayTrust.Machine;
        }

        try
        {
            return RelayTrust.Load(path);
        }
        catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new IdentityException(
                $"cannot use {path} to know the relay by: {unusable.Message}",
                "--relay-ca names a PEM file with the certificate of the authority"
            );
        }
    }
}
