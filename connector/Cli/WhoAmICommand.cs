using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Accounts;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr whoami</c>: who the relay takes you for, and what you may have there.</summary>
internal static class WhoAmICommand
{
    public static Command Create()
    {
        var command = new Command("whoami", "Prints who the relay takes you for, and what you may have there");
        SettingOptions.AddRelayTo(command);
        command.SetAction((result, stopping) => RelayQuery.AskAsync(result, relay => DescribeAsync(relay, stopping)));
        return command;
    }

    private static async Task DescribeAsync(RelayApi relay, CancellationToken stopping)
    {
        var account = await relay.WhoAmIAsync(stopping);
        var keeps = account.KeepsNamesForSeconds is { } seconds
            ? $"{TimeSpan.FromSeconds(seconds).TotalDays:0.#} days after their last use"
            : "for good";
        var expires = account.ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "never";
        await Console.Out.WriteLineAsync(
            $"""
            owner    {account.Owner}
            names    {account.AllowedNames}, at most {account.MaxNames}, kept {keeps}
            tunnels  {account.MaxTunnels} at once
            expires  {expires}
            """
        );
    }
}
