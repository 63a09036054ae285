using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Accounts;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr names list|reserve|release</c> and its commands for domains: what is yours at a relay.</summary>
internal static class NamesCommand
{
    private static readonly Argument<string> s_name = new("name") { Description = "The name, as in the public URL" };

    public static Command Create()
    {
        var list = new Command("list", "Prints your names: name, URL, open or away, last use, kept until");
        list.SetAction((result, stopping) => RelayQuery.AskAsync(result, relay => ListAsync(relay, stopping)));

        var reserve = new Command("reserve", "Makes a name yours without opening a tunnel") { s_name };
        reserve.SetAction(
            (result, stopping) => RelayQuery.AskAsync(result, relay => relay.ReserveAsync(result.GetValue(s_name)!, stopping))
        );

        var release = new Command("release", "Gives a name up; anybody can have it then, and its tunnel is closed") { s_name };
        release.SetAction(
            (result, stopping) => RelayQuery.AskAsync(result, relay => relay.ReleaseAsync(result.GetValue(s_name)!, stopping))
        );

        var command = new Command("names", "Shows, reserves and gives up your names at a relay, and domains of your own for them");
        foreach (var each in (Command[])[list, reserve, release, .. DomainCommands.Create()])
        {
            SettingOptions.AddRelayTo(each);
            command.Add(each);
        }

        return command;
    }

    private static async Task ListAsync(RelayApi relay, CancellationToken stopping)
    {
        foreach (var name in await relay.ListAsync(stopping))
        {
            await Console.Out.WriteLineAsync(
                $"{name.Name}\t{name.PublicUrl}\t{(name.IsOpen ? "open" : "away")}\t{Time(name.UsedAt)}\t{Time(name.ExpiresAt)}"
            );
        }
    }

    /// <summary>A time in a list: <c>2026-01-02 03:04:05Z</c>, or a hyphen.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";
}
