using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Control;

/// <summary>The control plane: one connection is one connector is at most one tunnel.</summary>
internal sealed partial class ControlHub(
    INameStore names,
    TunnelRegistry tunnels,
    DataTickets tickets,
    IOptions<RelayOptions> options,
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

        if (request.ProtocolVersion < TunnelProtocol.OldestSupportedVersion)
        {
            return Refuse(ErrorCatalog.ConnectorTooOld, isFatal: true);
        }

        if (request.ProtocolVersion > TunnelProtocol.Version)
        {
            return Refuse(ErrorCatalog.RelayTooOld, isFatal: true);
        }

        if (request.Project.Length > MaxProjectLength)
        {
            throw new HubException("the project's fingerprint is too long");
        }

        if (request.Instance?.Length > MaxInstanceLength)
        {
            throw new HubException("the instance is too long");
        }

        var wanted = request.Name is null ? null : NameRules.Normalize(request.Name);
        if (request.Name is not null && wanted is null)
        {
            return Refuse(ErrorCatalog.NameNotValid, isFatal: true, request.Name);
        }

        try
        {
            var claim = await names.ClaimAsync(Identity.OwnerId, request.Project, wanted, Context.ConnectionAborted);
            return claim.Generation is { } generation
                ? await OpenAsync(claim.Name, generation, request.Instance)
                : Refuse(ErrorCatalog.NameOwnedByAnother, isFatal: true, claim.Name);
        }
        catch (NameStoreUnavailableException unavailable)
        {
            Log.StoreUnavailable(logger, unavailable);
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

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        if (Session is { } session)
        {
            tunnels.ControlLost(session);
        }

        return base.OnDisconnectedAsync(exception);
    }

    private async Task<OpenTunnelResult> OpenAsync(string name, long generation, string? instance)
    {
        // A name that is open already only changes hands.
        if (tunnels.IsFull && tunnels.Find(name) is null or { Sessions.IsEmpty: true })
        {
            return Refuse(ErrorCatalog.TooManyTunnels, isFatal: false);
        }

        var settings = options.Value;
        var session = new TunnelSession(
            new SessionTerms
            {
                Name = name,
                Owner = Identity,
                Generation = generation,
                Floor = generation,
                ControlConnectionId = Context.ConnectionId,
                Instance = instance,
                MaxDataConnections = settings.DataConnections,
            }
        );
        if (!tunnels.TryOpen(session, out var replaced))
        {
            // Somebody of the same owner was granted a newer generation between our claim and now.
            return Refuse(ErrorCatalog.TunnelTakenOver, isFatal: true, name);
        }

        Session = session;
        var takenOver = replaced.Where(older => instance is null || older.Terms.Instance != instance);
        await Task.WhenAll(
            takenOver.Select(older =>
                Clients.Client(older.Terms.ControlConnectionId).Evicted(Refusal(ErrorCatalog.TunnelTakenOver, isFatal: true, name))
            )
        );
        return new OpenTunnelResult(new OpenedTunnel(name, settings.OriginOf(name), generation, settings.DataConnections), Refusal: null);
    }

    private static OpenTunnelResult Refuse(ProxyError error, bool isFatal, string? name = null) =>
        new(Tunnel: null, Refusal(error, isFatal, name));

    private static TunnelRefusal Refusal(ProxyError error, bool isFatal, string? name) =>
        new(error.Code, name is null ? error.Title : $"{error.Title}: {name}", error.Hint, isFatal);

    private static partial class Log
    {
        [LoggerMessage(1101, LogLevel.Warning, "name store unavailable", EventName = "NameStoreUnavailable")]
        public static partial void StoreUnavailable(ILogger logger, Exception exception);
    }
}
