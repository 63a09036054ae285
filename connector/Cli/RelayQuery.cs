using System.CommandLine;
using Tunnel.Connector.Accounts;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Tunneling;

namespace Tunnel.Connector.Cli;

/// <summary>What commands have in common that ask a relay something: which relay, with which credential, and what to say when it does not work.</summary>
internal static class RelayQuery
{
    /// <summary>Asks with the credential that tunnels are opened with.</summary>
    public static Task<int> AskAsync(ParseResult result, Func<RelayApi, Task> ask) =>
        RunAsync(
            result,
            async (relay, trust) =>
            {
                var identity = AnonymousIdentity.LoadOrCreate(UserFolders.Configuration());
                using var api = new RelayApi(relay, RelayCredential.For(relay, identity), trust);
                await ask(api);
            }
        );

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(ParseResult result, Func<Uri, RelayTrust, Task> action)
    {
        using var live = SettingOptions.Load(result, ConfigurationFolders.OfThisProcess(), out var refusal);
        if (live is null)
        {
            return refusal!.Report();
        }

        if (live.Problems.Count > 0)
        {
            return ProblemReport.Write(live.Problems);
        }

        if (!live.Current.TryGet(ConfigurationSchema.Relay, out var relays))
        {
            return new Refusal(
                ExitCodes.Usage,
                "no relay to ask",
                "pass --relay URL, set MCPR_RELAY, or tunnel.relay in mcpr.toml"
            ).Report();
        }

        try
        {
            await action(relays[0], RelayTrustSetting.Read(live.Current));
            return ExitCodes.Success;
        }
        catch (RelayApiException failed)
        {
            return failed.Refusal.Report();
        }
        catch (IdentityException unusable)
        {
            return new Refusal(ExitCodes.Configuration, unusable.Message, unusable.Hint).Report();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new Refusal(ExitCodes.Configuration, unreadable.Message, "set XDG_CONFIG_HOME to a folder of yours").Report();
        }
    }
}
