using System.CommandLine;
using Tunnel.Relay.Admin;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay names list|release|ban|unban|bans</c>: works on the store, whether the relay runs or not.</summary>
internal static class NamesCommand
{
    private const int PageSize = 1000;

    private static readonly Argument<string> s_name = new("name") { Description = "The name, as in the public URL" };
    private static readonly Option<string> s_reason = new("--reason")
    {
        HelpName = "text",
        Description = "Why, for those who look at the list of bans",
        DefaultValueFactory = _ => string.Empty,
    };

    public static Command Create(RelayStores stores)
    {
        var list = new Command("list", "Lists the names: name, owner, last use, free from") { JsonOutput.Option };
        list.SetAction((result, cancellationToken) => stores.UseNamesAsync(result, names => ListAsync(result, names, cancellationToken)));

        var release = new Command("release", "Takes a name away from its owner; its tunnel is closed") { s_name };
        release.SetAction(
            (result, cancellationToken) => stores.UseNamesAsync(result, names => ReleaseAsync(NameOf(result), names, cancellationToken))
        );

        var ban = new Command("ban", "Makes a name one that nobody gets; its tunnel is closed") { s_name, s_reason };
        ban.SetAction(
            (result, cancellationToken) =>
                stores.UseNamesAsync(result, names => BanAsync(NameOf(result), result.GetValue(s_reason)!, names, cancellationToken))
        );

        var unban = new Command("unban", "Lifts a ban; a name that had an owner is its owner's again") { s_name };
        unban.SetAction(
            (result, cancellationToken) => stores.UseNamesAsync(result, names => UnbanAsync(NameOf(result), names, cancellationToken))
        );

        var bans = new Command("bans", "Lists the bans: name, since, reason") { JsonOutput.Option };
        bans.SetAction(
            (result, cancellationToken) => stores.UseNamesAsync(result, names => ListBansAsync(result, names, cancellationToken))
        );
        return new Command("names", "Shows who owns which name, and bans names") { list, release, ban, unban, bans };
    }

    private static async Task<int> ListAsync(ParseResult result, INameStore names, CancellationToken cancellationToken)
    {
        var isJson = result.GetValue(JsonOutput.Option);
        var after = string.Empty;
        while (await names.ListAllAsync(after, PageSize, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var name in page)
            {
                if (isJson)
                {
                    // A line each: there can be more of them than a document should hold.
                    JsonOutput.Write(NameAdmin.Describe(name), AdminJson.Default.NameEntry);
                    continue;
                }

                await Console.Out.WriteLineAsync($"{name.Name}\t{name.OwnerId}\t{Say.Time(name.UsedAt)}\t{Say.Time(name.ExpiresAt)}");
            }

            after = page[^1].Name;
        }

        return ExitCodes.Success;
    }

    private static async Task<int> ReleaseAsync(string name, INameStore names, CancellationToken cancellationToken)
    {
        var isReleased =
            await names.FindAsync(name, cancellationToken) is { } record
            && await names.ReleaseAsync(record.OwnerId, name, cancellationToken);
        return isReleased ? Say.Done($"released {name}") : Say.Fail(ExitCodes.Failure, $"nobody owns {name}", "see mcpr-relay names list");
    }

    private static async Task<int> BanAsync(string name, string reason, INameStore names, CancellationToken cancellationToken)
    {
        if (!NameAdmin.IsReason(reason))
        {
            return Say.Fail(ExitCodes.Usage, "--reason is too long", $"one line of at most {NameAdmin.MaxReasonLength} characters");
        }

        await names.BanAsync(name, reason, cancellationToken);
        return Say.Done($"banned {name}; a relay that runs closes its tunnel within {NameUpkeep.RenewEvery.TotalSeconds} seconds");
    }

    private static async Task<int> UnbanAsync(string name, INameStore names, CancellationToken cancellationToken) =>
        await names.UnbanAsync(name, cancellationToken)
            ? Say.Done($"{name} is not banned any longer")
            : Say.Fail(ExitCodes.Failure, $"{name} is not banned", "see mcpr-relay names bans");

    private static async Task<int> ListBansAsync(ParseResult result, INameStore names, CancellationToken cancellationToken)
    {
        if (result.GetValue(JsonOutput.Option))
        {
            var all = await names.ListBansAsync(cancellationToken);
            return JsonOutput.Write(new BanList([.. all.Select(NameAdmin.Describe)]), AdminJson.Default.BanList);
        }

        foreach (var ban in await names.ListBansAsync(cancellationToken))
        {
            await Console.Out.WriteLineAsync($"{ban.Name}\t{Say.Time(ban.CreatedAt)}\t{ban.Reason}");
        }

        return ExitCodes.Success;
    }

    private static string NameOf(ParseResult result) => result.GetValue(s_name)!.ToLowerInvariant();
}
