using System.CommandLine;
using Tunnel.Connector.Accounts;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Cli;

/// <summary><c>mcpr names add-domain|verify-domain|list-domains|remove-domain</c>: domains of your own for your names.</summary>
internal static class DomainCommands
{
    private const int MaxShownCharacters = 500;

    private static readonly Argument<string> s_domain = new("domain") { Description = "A domain of yours, such as mcp.example.com" };

    private static readonly Option<string> s_name = new("--name")
    {
        HelpName = "name",
        Description = "The name whose tunnel serves it; it gets yours if it is not yet",
        Required = true,
    };

    public static IEnumerable<Command> Create()
    {
        var add = new Command("add-domain", "Makes a domain of yours lead to a name, and says what DNS needs") { s_domain, s_name };
        add.SetAction(
            (result, stopping) =>
                RelayQuery.AskAsync(
                    result,
                    async relay => Describe(await relay.AddDomainAsync(result.GetValue(s_domain)!, result.GetValue(s_name)!, stopping))
                )
        );
        var verify = new Command("verify-domain", "Has the relay look at DNS now") { s_domain };
        verify.SetAction(
            (result, stopping) =>
                RelayQuery.AskAsync(result, async relay => Describe(await relay.CheckDomainAsync(result.GetValue(s_domain)!, stopping)))
        );
        var list = new Command("list-domains", "Prints your domains: domain, name, state, URL, looked up, ends, why");
        list.SetAction((result, stopping) => RelayQuery.AskAsync(result, relay => ListAsync(relay, stopping)));
        var remove = new Command("remove-domain", "Gives a domain up; it leads nowhere then") { s_domain };
        remove.SetAction(
            (result, stopping) => RelayQuery.AskAsync(result, relay => relay.RemoveDomainAsync(result.GetValue(s_domain)!, stopping))
        );
        return [add, verify, list, remove];
    }

    private static async Task ListAsync(RelayApi relay, CancellationToken stopping)
    {
        foreach (var domain in await relay.ListDomainsAsync(stopping))
        {
            string[] cells =
            [
                domain.Domain,
                domain.Name,
                domain.State,
                domain.PublicUrl,
                NamesCommand.Time(domain.CheckedAt),
                NamesCommand.Time(domain.EndsAt),
                domain.Reason ?? "-",
            ];
            await Console.Out.WriteLineAsync(string.Join('\t', cells.Select(Plain)));
        }
    }

    /// <summary>The record on stdout as a zone file has it, everything else for the person.</summary>
    private static void Describe(OwnedDomain domain)
    {
        Console.Out.WriteLine($"{Plain(domain.RecordName)}.\tTXT\t\"{Plain(domain.RecordValue)}\"");
        if (domain.State == OwnedDomain.Active)
        {
            Say($"{domain.PublicUrl} leads to {domain.Name}; leave the record where it is, it is looked up again and again");
            if (domain.Reason is not null)
            {
                Say(domain.Reason);
            }

            return;
        }

        Say($"{domain.Domain} is {domain.State}: {domain.Reason}");
        Say($"set this record, and let {domain.Domain} itself lead to the relay with a CNAME to {domain.Target} or its addresses");
        Say($"the relay looks every minute; to have it look now: mcpr names verify-domain {domain.Domain}");
    }

    private static void Say(string message) => Console.Error.WriteLine($"mcpr: {Plain(message)}");

    /// <summary>A relay could say anything.</summary>
    private static string Plain(string text) => PlainText.Of(text, MaxShownCharacters);
}
