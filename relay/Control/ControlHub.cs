using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Control;

/// <summary>The control plane: one connection is one connector is at most one tunnel.</summary>
internal sealed partial class ControlHub(
    INameStore names,
    TunnelRegistry tunnels,
    DataTickets tickets,
    OpeningLimit opening,
    DomainRoutes domains,
    IOtherNodes others,
    RelayMetrics metrics,
    IOptions<RelayOptions> options,
    TimeProvider time,
    ILogger<ControlHub> logger
) : Hub<IConnectorClient>, IControlHub
{
    private const string SessionKey = "session";

    /// <summary>Fingerprints have 22 characters; there is room for other kinds.</summary>
    private const int MaxProjectLength = 128;

    /// <summary>Instances are random, and a few bytes tell them apart.</summary>
    private const int MaxInstanceLength = 64;

    private TunnelSession? Session
    {
        get => (TunnelSession?)Context.Items[SessionKey];
        set => Context.Items[SessionKey] = value;
    }

    private ConnectorIdentity Identity =>
        Context.Features.Get<IHttpContextFeature>()?.HttpContext?.Features.Get<ConnectorIdentity>()
        ?? throw new HubException("not authenticated");

    public async Task<OpenTunnelResult> OpenTunnel(OpenTunnelRequest request)
    {
        if (Session is not null)
        {
            throw new HubException("this connection has its tunnel already");
        }

        if (request.Project.Length > MaxProjectLength || request.Instance?.Length > MaxInstanceLength)
        {
            throw new HubException("the project's fingerprint or the instance is too long");
        }

        if (FindFault(request) is { } fault)
        {
            return Refuse(fault, isFatal: true, request.Name);
        }

        if (request is { Continues: not null } and ({ Name: null } or { Instance: null }))
        {
            throw new HubException("an opening is continued by its name and its instance");
        }

        if (!opening.TryOpen(Identity.OwnerId, Context.GetHttpContext()?.Connection.RemoteIpAddress))
        {
            return Refuse(ErrorCatalog.TooManyOpenings, isFatal: false);
        }

        try
        {
            return await (request.Continues is { } generation ? ContinueAsync(request, generation) : ClaimAsync(request));
        }
        catch (NameStoreUnavailableException unavailable)
        {
            Log.StoreUnavailable(logger, unavailable.InnerException?.Message);
            return Refuse(ErrorCatalog.StoreUnavailable, isFatal: false);
        }
    }

    public Task<string?> IssueDataTicket() => Task.FromResult(Session is { ClosingReason: null } session ? tickets.Issue(session) : null);

    public Task CloseTunnel()
    {
        if (Session is { } session)
        {
            tunnels.Close(session, "connector-stopped");
        }

        return Task.CompletedTask;
    }

    public Task Ping() => Task.CompletedTask;

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Session is { } session)
        {
            tunnels.ControlLost(session);
        }

        return base.OnDisconnectedAsync(exception);
    }

    /// <returns>What is wrong with the request whoever else is there, or null.</returns>
    private ProxyError? FindFault(OpenTunnelRequest request)
    {
        if (request.ProtocolVersion < TunnelProtocol.OldestSupportedVersion)
        {
            return ErrorCatalog.ConnectorTooOld;
        }

        if (request.ProtocolVersion > TunnelProtocol.Version)
        {
            return ErrorCatalog.RelayTooOld;
        }

        if (request.Name is null)
        {
            return null;
        }

        return NameRules.Normalize(request.Name) is not { } wanted ? ErrorCatalog.NameNotValid
            : !Identity.Names.Allows(wanted) ? ErrorCatalog.NameNotForToken
            : null;
    }

    private NameRequest NameRequestOf(OpenTunnelRequest request) =>
        new()
        {
            Owner = Identity.AsNameOwner(),
            Project = request.Project,
            Wanted = request.Name is null ? Identity.Names.OnlyName : NameRules.Normalize(request.Name),
            Candidates = request.Name is null ? Identity.Names.Candidates() : [],
            Joins = request.Join,
        };

    private async Task<OpenTunnelResult> ClaimAsync(OpenTunnelRequest request)
    {
        var claim = await names.ClaimAsync(NameRequestOf(request), Context.ConnectionAborted);
        if (ClaimRefusals.Of(claim.Outcome) is { } refusal)
        {
            return Refuse(refusal, isFatal: true, claim.Name);
        }

        // The name that the project had may be one that a new token does not allow.
        return Identity.Names.Allows(claim.Name)
            ? await OpenAsync(claim, request)
            : Refuse(ErrorCatalog.NameNotForToken, isFatal: true, claim.Name);
    }

    /// <summary>Serves an opening here too that the same connector has at another relay.</summary>
    private async Task<OpenTunnelResult> ContinueAsync(OpenTunnelRequest request, long generation)
    {
        var name = NameRules.Normalize(request.Name!)!;
        var (state, floor) = await names.ContinueAsync(new NameLease(name, Identity.OwnerId, generation), Context.ConnectionAborted);
        return LeaseEnds.ReasonOf(state) is { } reason
            ? Refuse(reason, isFatal: true, name)
            : await OpenAsync(new NameClaim(ClaimOutcome.Granted, name, generation, floor), request);
    }

    private async Task<OpenTunnelResult> OpenAsync(NameClaim claim, OpenTunnelRequest request)
    {
        // A name that is open already only changes hands.
        if (tunnels.Find(claim.Name) is null or { Sessions.IsEmpty: true })
        {
            if (tunnels.IsFull)
            {
                return Refuse(ErrorCatalog.TooManyTunnels, isFatal: false);
            }

            // What is continued was granted where it was opened.
            if (request.Continues is null && tunnels.IsFullFor(Identity))
            {
                return Refuse(ErrorCatalog.TooManyOwnTunnels, isFatal: false);
            }
        }

        var settings = options.Value;
        var session = new TunnelSession(
            new SessionTerms
            {
                Name = claim.Name,
                Owner = Identity,
                Generation = claim.Generation,
                Floor = claim.Floor,
                ControlConnectionId = Context.ConnectionId,
                Project = request.Project,
                Joins = request.Join,
                Instance = request.Instance,
                OpenedAt = time.GetUtcNow(),
                Address = Context.GetHttpContext()?.Connection.RemoteIpAddress,
                MaxDataConnections = settings.DataConnections,
            }
        );
        if (!tunnels.TryOpen(session, out var replaced))
        {
            // Somebody of the same owner was granted a newer generation between our claim and now.
            return Refuse(ErrorCatalog.TunnelTakenOver, isFatal: true, claim.Name);
        }

        Session = session;

        // A connector that comes back knows that it was here before.
        foreach (var older in replaced.Where(older => request.Instance is null || older.Terms.Instance != request.Instance))
        {
            await Clients
                .Client(older.Terms.ControlConnectionId)
                .Evicted(Refusals.Of(ErrorCatalog.TunnelTakenOver, isFatal: true, claim.Name));
        }

        var opened = new OpenedTunnel(
            claim.Name,
            settings.OriginOf(claim.Name),
            claim.Generation,
            settings.DataConnections,
            settings.NodeUrl is { } node ? [node.GetLeftPart(UriPartial.Authority)] : null,
            [.. domains.Of(claim.Name, Identity.OwnerId).Select(domain => settings.OriginOfHost(domain.Domain))],
            others.NameOthers() is { Count: > 0 } elsewhere ? elsewhere : null
        );
        return new OpenTunnelResult(opened, Refusal: null);
    }

    private OpenTunnelResult Refuse(ProxyError error, bool isFatal, string? name = null)
    {
        metrics.Failed(error.Code);
        return new OpenTunnelResult(Tunnel: null, Refusals.Of(error, isFatal, name));
    }

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "name store unavailable: {Reason}", EventName = "NameStoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, string? reason);
    }
}
