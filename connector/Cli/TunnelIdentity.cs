using Tunnel.Connector.Configuration;
using Tunnel.Connector.Hosting;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Cli;

/// <summary>Who opens the tunnel, and what it asks the relay for.</summary>
internal static class TunnelIdentity
{
    /// <returns>What the tunnel client needs, or null with why there is no identity.</returns>
    public static TunnelSettings? Resolve(Settings settings, out Refusal? refusal)
    {
        refusal = null;
        try
        {
            var relays = settings.Get(ConfigurationSchema.Relay);
            var identity = AnonymousIdentity.LoadOrCreate(UserFolders.Configuration());
            var project = Project.Describe(Environment.CurrentDirectory, ProxySettings.ServersOf(settings).First().Urls[0]);
            return new TunnelSettings(
                relays,
                // All are addresses of one relay, where this is one user.
                RelayCredential.For(relays[0], identity),
                RelayTrustSetting.Read(settings),
                new OpenTunnelRequest(
                    TunnelProtocol.Version,
                    ProductVersion.Current,
                    settings.TryGet(ConfigurationSchema.TunnelName, out var name) ? name : null,
                    identity.FingerprintOf(project),
                    Guid.NewGuid().ToString("N"),
                    settings.Get(ConfigurationSchema.TunnelJoin)
                )
            );
        }
        catch (IdentityException unusable)
        {
            refusal = new Refusal(ExitCodes.Configuration, unusable.Message, unusable.Hint);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            refusal = new Refusal(
                ExitCodes.Configuration,
                $"cannot keep an identity: {unreadable.Message}",
                "set XDG_CONFIG_HOME to a folder of yours"
            );
        }

        return null;
    }
}
