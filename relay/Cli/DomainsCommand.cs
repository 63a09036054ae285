using System.CommandLine;
using Tunnel.Relay.Admin;
using Tunnel.Relay.Domains;

namespace Tunnel.Relay.Cli;

/// <summary><c>mcpr-relay domains list|remove</c>: works on the store, whether the relay runs or not.</summary>
internal static class DomainsCommand
{
    private static readonly Argument<string> s_domain = new("domain") { Description = "The domain, such as mcp.example.com" };

    public static Command Create(RelayStores stores)
    {
        var list = new Command("list", "Lists the domains that are proved: domain, name, owner, looked up last, proof gone since")
        {
            JsonOutput.Option,
        };
        list.SetAction(
            (result, cancellationToken) => stores.UseDomainsAsync(result, domains => ListAsync(result, domains, cancellationToken))
        );

        var remove = new Command("remove", "Takes a domain away from its owner; revoke the token too, or the owner can have it again")
        {
            s_domain,
        };
        remove.SetAction(
            (result, cancellationToken) =>
                stores.UseDomainsAsync(result, domains => RemoveAsync(result.GetValue(s_domain)!, domains, cancellationToken))
        );
        return new Command("domains", "Shows which domains of owners are proved, and takes them off") { list, remove };
    }

    private static async Task<int> ListAsync(ParseResult result, IDomainStore domains, CancellationToken cancellationToken)
    {
        var active = (await domains.ReadActiveAsync(DomainSnapshot.Nothing, cancellationToken)).Active;
        if (result.GetValue(JsonOutput.Option))
        {
            return JsonOutput.Write(new DomainList([.. active.Select(Describe)]), AdminJson.Default.DomainList);
        }

        foreach (var claim in active)
        {
            await Console.Out.WriteLineAsync(
                $"{claim.Domain}\t{claim.Name}\t{claim.OwnerId}\t{Say.Time(claim.CheckedAt)}\t{Say.Time(claim.FailingSince)}"
            );
        }

        return ExitCodes.Success;
    }

    private static DomainEntry Describe(DomainClaim claim) =>
        new(claim.Domain, claim.Name, claim.OwnerId, claim.CheckedAt, claim.FailingSince);

    private static async Task<int> RemoveAsync(string written, IDomainStore domains, CancellationToken cancellationToken)
    {
        var domain = DomainName.Normalize(written);
        var active = (await domains.ReadActiveAsync(DomainSnapshot.Nothing, cancellationToken)).Active;
        var isRemoved =
            active.FirstOrDefault(claim => claim.Domain == domain) is { } claim
            && await domains.RemoveAsync(claim.OwnerId, claim.Domain, cancellationToken);
        if (!isRemoved)
        {
            return Say.Fail(ExitCodes.Failure, $"nobody has {written}", "see mcpr-relay domains list");
        }

        return Say.Done($"took {domain} off; relays that run know within {DomainUpkeep.ReadEvery.TotalSeconds} seconds");
    }
}
