using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Domains.Dns;
using Tunnel.Relay.Hosts;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tls;

namespace Tunnel.Relay.Control;

/// <summary>What <c>mcpr names add-domain</c> and the like ask, with the credential that opens tunnels.</summary>
internal sealed class DomainEndpoints(
    IDomainStore domains,
    INameStore names,
    DomainUpkeep upkeep,
    HostClassifier hosts,
    IEnumerable<ICertificateSource> certificates,
    RelayOptions options,
    TimeProvider time
)
{
    private const int ChallengeBytes = 24;

    /// <summary>Whoever asks again sooner gets what DNS said last.</summary>
    private static readonly TimeSpan s_checkPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// More than an owner needs who waits for a record. Look-ups of all owners share a few turns, and a name server can be slow on purpose.
    /// </summary>
    private const int ChecksPerMinute = 30;

    private readonly RateLimit _checks = new(ChecksPerMinute, TimeSpan.FromMinutes(1), time);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(TunnelProtocol.DomainsPath, (HttpContext context, DomainEndpoints self) => self.ListAsync(context));
        endpoints.MapPut(
            TunnelProtocol.DomainsPath + "/{domain}",
            (HttpContext context, string domain, string name, DomainEndpoints self) => self.AddAsync(context, domain, name)
        );
        endpoints.MapPost(
            TunnelProtocol.DomainsPath + "/{domain}/check",
            (HttpContext context, string domain, DomainEndpoints self) => self.CheckAsync(context, domain)
        );
        endpoints.MapDelete(
            TunnelProtocol.DomainsPath + "/{domain}",
            (HttpContext context, string domain, DomainEndpoints self) => self.RemoveAsync(context, domain)
        );
    }

    private Task ListAsync(HttpContext context) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var claims = await domains.ListAsync(OwnerOf(context), context.RequestAborted);
                var listing = new DomainListing([.. claims.Select(claim => Describe(claim))]);
                await context.Response.WriteAsJsonAsync(listing, AccountJson.Default.DomainListing);
            }
        );

    private Task AddAsync(HttpContext context, string written, string writtenName) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var identity = IdentityOf(context);
                var name = NameRules.Normalize(writtenName);
                var domain = Public(written);
                var refusal =
                    identity.Credential.Kind == CredentialKind.Anonymous ? ErrorCatalog.DomainsNeedToken
                    : domain is null ? ErrorCatalog.DomainNotValid
                    : name is null ? ErrorCatalog.NameNotValid
                    : !identity.Names.Allows(name) ? ErrorCatalog.NameNotForToken
                    : await ClaimAsync(identity.AsNameOwner(), domain, name, context.RequestAborted);
                await (
                    refusal is null
                        ? AnswerCheckedAsync(context, domain!)
                        : ErrorResponse.WriteAsync(context, refusal, ErrorSource.Edge, detail: written)
                );
            }
        );

    private Task CheckAsync(HttpContext context, string written) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var domain = DomainName.Normalize(written);
                await (
                    await FindAsync(context, domain) is null
                        ? ErrorResponse.WriteAsync(context, ErrorCatalog.DomainNotOwned, ErrorSource.Edge, detail: written)
                        : AnswerCheckedAsync(context, domain!)
                );
            }
        );

    private Task RemoveAsync(HttpContext context, string written) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var domain = DomainName.Normalize(written);
                if (domain is null || !await domains.RemoveAsync(OwnerOf(context), domain, context.RequestAborted))
                {
                    await ErrorResponse.WriteAsync(context, ErrorCatalog.DomainNotOwned, ErrorSource.Edge, detail: written);
                    return;
                }

                await upkeep.ReadAsync(context.RequestAborted);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
            }
        );

    private async ValueTask<ProxyError?> ClaimAsync(NameOwner owner, string domain, string name, CancellationToken cancellationToken)
    {
        var claim = new DomainClaim
        {
            Domain = domain,
            OwnerId = owner.Id,
            Name = name,
            Challenge = "mcpr-" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ChallengeBytes)),
        };
        var bounds = options.Domains.Bounds;
        // 1. A domain for which there is no room reserves no name.
        return RefusalOf(await domains.FindRoomAsync(owner.Id, domain, bounds, cancellationToken))
            // 2. What a domain leads to has to be the owner's, and stay so while nobody is connected.
            ?? ClaimRefusals.Of(await names.ReserveAsync(owner, name, cancellationToken))
            // 3. The last room may have been taken meanwhile.
            ?? RefusalOf(await domains.AddAsync(claim, bounds, cancellationToken));
    }

    private static ProxyError? RefusalOf(DomainOutcome outcome) =>
        outcome switch
        {
            DomainOutcome.TooManyOwn => ErrorCatalog.TooManyOwnDomains,
            DomainOutcome.TooMany => ErrorCatalog.TooManyDomains,
            _ => null,
        };

    /// <summary>Looks at DNS, and says what there is of the domain then.</summary>
    private async Task AnswerCheckedAsync(HttpContext context, string domain)
    {
        string? unavailable = null;
        var claimed = await FindAsync(context, domain);
        var isDue = claimed is not null && (claimed.CheckedAt is not { } last || time.GetUtcNow() - last >= s_checkPause);
        if (isDue && _checks.TryTake(OwnerOf(context).GetHashCode(StringComparison.Ordinal)))
        {
            try
            {
                await upkeep.CheckAsync(domain, context.RequestAborted);
            }
            catch (DnsUnavailableException cannotAsk)
            {
                unavailable = $"the relay cannot ask DNS just now: {cannotAsk.Message}";
            }
        }

        // Somebody may have removed it meanwhile.
        await (
            await FindAsync(context, domain) is { } claim
                ? context.Response.WriteAsJsonAsync(Describe(claim, unavailable), AccountJson.Default.OwnedDomain)
                : ErrorResponse.WriteAsync(context, ErrorCatalog.DomainNotOwned, ErrorSource.Edge, detail: domain)
        );
    }

    private async ValueTask<DomainClaim?> FindAsync(HttpContext context, string? domain) =>
        (await domains.ListAsync(OwnerOf(context), context.RequestAborted)).FirstOrDefault(claim => claim.Domain == domain);

    /// <returns>The domain in its one spelling, or null for what is none, or is the relay's.</returns>
    private string? Public(string written) => DomainName.Normalize(written) is { } domain && !hosts.IsOurs(domain) ? domain : null;

    private OwnedDomain Describe(DomainClaim claim, string? unavailable = null) =>
        new(
            claim.Domain,
            claim.Name,
            !claim.IsActive ? OwnedDomain.Waiting
                : claim.FailingSince is null ? OwnedDomain.Active
                : OwnedDomain.Failing,
            options.OriginOfHost(claim.Domain),
            $"{DomainName.ProofLabel}.{claim.Domain}",
            claim.Challenge,
            options.Domain,
            unavailable ?? ReasonOf(claim) ?? (claim.IsActive ? certificates.FirstOrDefault()?.FindProblem(claim.Domain) : null),
            claim.CheckedAt,
            claim.IsActive ? claim.FailingSince + options.Domains.Grace : claim.ExpiresAt
        );

    private static string? ReasonOf(DomainClaim claim) =>
        claim.Issue switch
        {
            DomainIssue.NotProved => "DNS does not have the TXT record yet",
            DomainIssue.ProofGone => "the TXT record is gone",
            DomainIssue.ProvedByAnother => "another owner has proved it",
            DomainIssue.HeldByAnother => "another owner has it, whose TXT record is there too",
            _ => null,
        };

    private static string OwnerOf(HttpContext context) => IdentityOf(context).OwnerId;

    private static ConnectorIdentity IdentityOf(HttpContext context) => context.Features.GetRequiredFeature<ConnectorIdentity>();
}
