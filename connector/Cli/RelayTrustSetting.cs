using System.Security.Cryptography;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Tunneling;

namespace Tunnel.Connector.Cli;

/// <summary>Reads whom to trust as issuer of a relay's certificate.</summary>
internal static class RelayTrustSetting
{
    /// <exception cref="IdentityException">The file has no certificates.</exception>
    public static RelayTrust Read(Settings settings) =>
        Load(settings.TryGet(ConfigurationSchema.RelayCa, out var path) ? path : null, ConfigurationSchema.RelayCa.Flag!, "the relay");

    /// <param name="path">The file; null for what this machine trusts.</param>
    /// <param name="flag">The option that names it.</param>
    /// <param name="whom">Who shows the certificate.</param>
    /// <exception cref="IdentityException">The file has no certificates.</exception>
    public static RelayTrust Load(string? path, string flag, string whom)
    {
        if (path is null)
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
                $"cannot use {path} to know {whom} by: {unusable.Message}",
                $"{flag} names a PEM file with the certificate of the authority"
            );
        }
    }
}
