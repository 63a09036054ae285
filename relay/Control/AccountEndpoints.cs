using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Control;

/// <summary>What <c>mcpr names</c> and <c>mcpr whoami</c> ask, with the credential that opens tunnels.</summary>
internal sealed class AccountEndpoints(INameStore names, TunnelRegistry tunnels, IOtherNodes others, IOptions<RelayOptions> options)
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(TunnelProtocol.AccountPath, (HttpContext context) => DescribeAsync(context));
        endpoints.MapGet(TunnelProtocol.NamesPath, (HttpContext context, AccountEndpoints account) => account.ListAsync(context));
        endpoints.MapPut(
            TunnelProtocol.NamesPath + "/{name}",
            (HttpContext context, string name, AccountEndpoints account) => account.ReserveAsync(context, name)
        );
        endpoints.MapDelete(
            TunnelProtocol.NamesPath + "/{name}",
            (HttpContext context, string name, AccountEndpoints account) => account.ReleaseAsync(context, name)
        );
    }

    private static Task DescribeAsync(HttpContext context)
    {
        var identity = IdentityOf(context);
        var account = new Account(
            identity.OwnerId,
            identity.Names.ToString(),
            identity.MaxTunnels,
            identity.MaxNames,
            (long?)identity.KeepNamesFor?.TotalSeconds,
            identity.ExpiresAt
        );
        return context.Response.WriteAsJsonAsync(account, AccountJson.Default.Account);
    }

    private Task ListAsync(HttpContext context) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var owned = await names.ListAsync(IdentityOf(context).OwnerId, context.RequestAborted);
                var described = await Task.WhenAll(owned.Select(name => DescribeAsync(name, context.RequestAborted)));
                var listing = new NameListing([.. described]);
                await context.Response.WriteAsJsonAsync(listing, AccountJson.Default.NameListing);
            }
        );

    private Task ReserveAsync(HttpContext context, string written) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var identity = IdentityOf(context);
                var name = NameRules.Normalize(written);
                var refusal =
                    name is null ? ErrorCatalog.NameNotValid
                    : !identity.Names.Allows(name) ? ErrorCatalog.NameNotForToken
                    : ClaimRefusals.Of(await names.ReserveAsync(identity.AsNameOwner(), name, context.RequestAborted));
                await AnswerAsync(context, refusal, written);
            }
        );

    private Task ReleaseAsync(HttpContext context, string written) =>
        StoreGuard.RunAsync(
            context,
            async () =>
            {
                var isReleased = await names.ReleaseAsync(IdentityOf(context).OwnerId, written.ToLowerInvariant(), context.RequestAborted);
                await AnswerAsync(context, isReleased ? null : ErrorCatalog.NameNotOwned, written);
            }
        );

    private async Task<OwnedName> DescribeAsync(NameRecord record, CancellationToken cancellationToken)
    {
        var isOpen =
            tunnels.Find(record.Name) is { Sessions.IsEmpty: false }
            || (await others.FindAsync(record.Name, cancellationToken)).State == RouteState.Open;
        return new OwnedName(record.Name, options.Value.OriginOf(record.Name), isOpen, record.UsedAt, record.ExpiresAt);
    }

    private static Task AnswerAsync(HttpContext context, ProxyError? refusal, string name)
    {
        if (refusal is not null)
        {
            return ErrorResponse.WriteAsync(context, refusal, ErrorSource.Edge, detail: name);
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static ConnectorIdentity IdentityOf(HttpContext context) => context.Features.GetRequiredFeature<ConnectorIdentity>();
}
