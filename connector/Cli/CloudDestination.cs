using System.Security.Cryptography;
using System.Text;
using Tunnel.Connector.Cloud;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.Connector.Cli;

/// <summary>Where events are sent, if the settings want that.</summary>
internal static class CloudDestination
{
    /// <summary>The label of the dashboard below the relay's domain, which no tunnel can have.</summary>
    private const string DashboardLabel = "dashboard.";

    private const string TokenVariable = "MCPR_CLOUD_TOKEN";

    /// <param name="settings">What is set.</param>
    /// <param name="variable">Reads the environment.</param>
    /// <param name="refusal">Why events cannot be sent.</param>
    /// <returns>Null where events are not to be sent, or with why they cannot be.</returns>
    public static CloudSettings? Resolve(Settings settings, Func<string, string?> variable, out Refusal? refusal)
    {
        refusal = null;
        try
        {
            if (TokenOf(settings, variable) is not { } token)
            {
                return null;
            }

            var (server, url) = (ServerOf(settings), UrlOf(settings));
            return new CloudSettings(
                url,
                server,
                token,
                RelayTrustSetting.Read(settings),
                Path.Combine(UserFolders.State(), "cloud", FolderOf(url, server, token)),
                settings.Get(CloudSchema.MaxSize)
            );
        }
        catch (IdentityException unusable)
        {
            refusal = new Refusal(ExitCodes.Configuration, unusable.Message, unusable.Hint);
            return null;
        }
    }

    /// <summary>Tells people where events go, or that what would say so is not enough.</summary>
    public static void Announce(Settings settings, CloudSettings? cloud, Action<string> say)
    {
        if (cloud is not null)
        {
            say($"cloud {cloud.Url.Authority} as {cloud.Server}");
        }
        else if (settings.Has(CloudSchema.Server) || settings.Has(CloudSchema.Url))
        {
            say($"cloud: there is no token, so no events are sent; set {TokenVariable}, or {CloudSchema.TokenFile.Path}");
        }
    }

    private static CloudToken? TokenOf(Settings settings, Func<string, string?> variable) =>
        AccountToken.Parse(variable(TokenVariable), TokenVariable) is { } token ? CloudToken.Of(token)
        : settings.TryGet(CloudSchema.TokenFile, out var path) ? CloudToken.InFile(path)
        : null;

    private static string ServerOf(Settings settings)
    {
        if (settings.TryGet(CloudSchema.Server, out var server))
        {
            return server;
        }

        return settings.TryGet(ConfigurationSchema.TunnelName, out var name) && McpServerName.FindProblem(name) is null
            ? name
            : throw new IdentityException(
                "there is no name to send events under",
                $"pass {CloudSchema.Server.Flag}, or set {CloudSchema.Server.Path} in mcpr.toml"
            );
    }

    private static Uri UrlOf(Settings settings)
    {
        if (settings.TryGet(CloudSchema.Url, out var url))
        {
            return url;
        }

        return settings.TryGet(ConfigurationSchema.Relay, out var relays) && relays[0].HostNameType == UriHostNameType.Dns
            ? new UriBuilder(relays[0]) { Host = DashboardLabel + relays[0].IdnHost }.Uri
            : throw new IdentityException(
                "it is not known where to send events to",
                $"pass {CloudSchema.Url.Flag}, such as https://{DashboardLabel}tunnel.example.com, or set {CloudSchema.Url.Path} in mcpr.toml"
            );
    }

    /// <summary>What waits for one server at one relay must not go anywhere else, and another token may be of another project.</summary>
    private static string FolderOf(Uri url, string server, CloudToken token)
    {
        var destination = $"{url.GetLeftPart(UriPartial.Authority)}\n{server}\n{token.Read()}";
        return $"{server}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(destination)).AsSpan(0, 4))}";
    }
}
