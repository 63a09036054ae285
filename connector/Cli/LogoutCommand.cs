using System.CommandLine;
using Tunnel.Connector.Identity;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr logout --relay URL</c>: forgets the token of a relay.</summary>
internal static class LogoutCommand
{
    public static Command Create()
    {
        var command = new Command("logout", "Forgets the token of a relay; it stays good for whoever else has it");
        SettingOptions.AddRelayTo(command);
        command.SetAction((result, _) => RelayQuery.RunAsync(result, (relay, _) => LogOutAsync(relay)));
        return command;
    }

    private static Task LogOutAsync(Uri relay)
    {
        var had = new SavedTokens(UserFolders.Configuration()).Remove(relay);
        return Console.Error.WriteLineAsync(
            had ? $"mcpr: logged out at {relay.Authority}" : $"mcpr: there was no token for {relay.Authority}"
        );
    }
}
