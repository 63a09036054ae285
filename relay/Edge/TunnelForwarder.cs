using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Edge;

/// <summary>Sends a visitor's exchange into the tunnel of its name, or answers why it cannot.</summary>
internal sealed class TunnelForwarder(
    TunnelRegistry tunnels,
    AwayNames away,
    NodeForwarder others,
    RequestHold hold,
    RunningExchanges exchanges,
    StreamingForwarder forwarder,
    IOptions<RelayOptions> options,
    EdgeOutcomes outcomes,
    TimeProvider time
)
{
    private readonly RelayOptions _options = options.Value;

    public async Task ForwardAsync(HttpContext context, string name, RequestBodyTap requestBody)
    {
        var target = RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target is null)
        {
            await outcomes.AnswerAsync(context, name, requestBody, ErrorCatalog.BadRequest, "the request target names no resource");
            return;
        }

        ForwardingHeaders.Replace(context.Request, context.Request.Scheme);
        exchanges.Enter();
        try
        {
            if (await SendAsync(context, name, target, requestBody) is { } error)
            {
                await outcomes.AnswerAsync(context, name, requestBody, error);
            }
        }
        finally
        {
            exchanges.Leave();
        }
    }

    /// <summary>Sends an exchange that another relay passes on into the tunnel here.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="name">The name it is for.</param>
    /// <param name="requestBody">Its body.</param>
    /// <param name="hasOtherWay">Whether the other relay would rather have it back than let it wait.</param>
    /// <returns>False when there is none, or none any longer; nothing was sent or answered then.</returns>
    public async Task<bool> TryForwardFromNodeAsync(HttpContext context, string name, RequestBodyTap requestBody, bool hasOtherWay)
    {
        var target = RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (target is null || !IsHere(tunnels.Find(name)))
        {
            return false;
        }

        exchanges.Enter();
        try
        {
            var error = await SendAsync(context, name, target, requestBody, hasOtherWay);
            if (error == ErrorCatalog.TunnelTakenOver)
            {
                return false;
            }

            if (error is not null)
            {
                await outcomes.AnswerAsync(context, name, requestBody, error);
            }

            return true;
        }
        finally
        {
            exchanges.Leave();
        }
    }

    /// <summary>Sends the request as soon as there is a connection, and on another one as long as nobody has begun to work on it.</summary>
    /// <returns>Why there is no answer yet, or null when there is nothing left to say.</returns>
    /// <param name="context">The exchange.</param>
    /// <param name="name">The name it is for.</param>
    /// <param name="target">What it asks for.</param>
    /// <param name="requestBody">Its body.</param>
    /// <param name="hasOtherWay">Whether the relay that passed it on would rather have it back than let it wait here.</param>
    private async ValueTask<ProxyError?> SendAsync(
        HttpContext context,
        string name,
        string target,
        RequestBodyTap requestBody,
        bool hasOtherWay = false
    )
    {
        var stay = EdgeStay.Begin(context, time);
        var (isSecondLook, isTakenHere) = (false, false);
        while (true)
        {
            var group = tunnels.Find(name);
            if (IsHere(group) && !isTakenHere && !group!.CanServeWell(_options.MaxRequestsPerTunnel))
            {
                // 0. Whoever serves the name here is away, full or failing. Another relay may do better; else it stays here.
                isTakenHere = true;
                if (hasOtherWay)
                {
                    return ErrorCatalog.TunnelTakenOver;
                }

                if (!NodeMark.IsOn(context) && await others.FindAsync(name, context.RequestAborted) is { State: RouteState.Open } better)
                {
                    stay.Tell();
                    var sent = await others.SendAsync(context, better, target, requestBody, isLastWay: false);
                    if (sent != ForwardOutcome.NotConnected)
                    {
                        return outcomes.Conclude(context, name, sent, ErrorCatalog.NodeBroke);
                    }

                    if (!requestBody.TryRewind())
                    {
                        return ErrorCatalog.TunnelReconnecting;
                    }
                }
            }

            // 1. Into the tunnel here.
            var back = Task.CompletedTask;
            if (group?.Rent(out back) is { } rented)
            {
                if (context.Features.Get<DomainClaim>() is { } domain && domain.OwnerId != rented.Session.Owner.OwnerId)
                {
                    // The name was given up, and somebody else has it now; the domain is not theirs.
                    rented.Return();
                    return ErrorCatalog.UnknownName;
                }

                stay.Tell();
                var outcome = await SendHereAsync(context, rented, target, requestBody);
                if (outcome is null)
                {
                    return ErrorCatalog.TunnelBusy;
                }

                if (outcome is { } ended and not ForwardOutcome.NotConnected)
                {
                    return outcomes.Conclude(context, name, ended, ErrorCatalog.TunnelBroke);
                }

                if (!requestBody.TryRewind())
                {
                    // Nobody worked on it, but what was read of the body cannot be had again.
                    return ErrorCatalog.TunnelReconnecting;
                }

                continue;
            }

            if (!IsHere(group) && NodeMark.IsOn(context))
            {
                // The relay that passed it on looks for the name again, and waits for it if need be.
                return ErrorCatalog.TunnelTakenOver;
            }

            // 2. To another relay that has it. What is remembered of that may be old; then Redis is asked.
            if (group is not { Sessions.IsEmpty: false })
            {
                var elsewhere = await others.FindAsync(name, context.RequestAborted);
                stay.Tell();
                var outcome = await others.SendAsync(context, elsewhere, target, requestBody, isLastWay: true);
                if (outcome != ForwardOutcome.NotConnected)
                {
                    return outcomes.Conclude(context, name, outcome, ErrorCatalog.NodeBroke);
                }

                if (!elsewhere.Nodes.IsEmpty)
                {
                    if (!requestBody.TryRewind())
                    {
                        return ErrorCatalog.TunnelReconnecting;
                    }

                    others.Forget(name);
                    if (!isSecondLook)
                    {
                        isSecondLook = true;
                        continue;
                    }
                }

                if (group is null)
                {
                    (group, var unknown) = await away.FindAsync(name, elsewhere.State != RouteState.None, context.RequestAborted);
                    if (group is null)
                    {
                        return unknown;
                    }

                    // From here on nobody can open it unheard.
                    continue;
                }
            }

            // 3. Nowhere just now.
            var heldSince = time.GetTimestamp();
            var held = await hold.WaitAsync(group, back, stay.BeganAt, context);
            stay.Held(heldSince);
            switch (held)
            {
                case HoldOutcome.Released:
                    (isSecondLook, isTakenHere) = (false, false);
                    continue;
                case HoldOutcome.CallerLeft:
                    return null;
                case HoldOutcome.Refused:
                    return ErrorCatalog.TooManyHeld;
                case HoldOutcome.Expired:
                    return ErrorCatalog.TunnelReconnecting;
                default:
                    return ErrorCatalog.TunnelOffline;
            }
        }
    }

    /// <returns>Null when the tunnel has too many requests already.</returns>
    private async ValueTask<ForwardOutcome?> SendHereAsync(
        HttpContext context,
        RentedConnection rented,
        string target,
        RequestBodyTap requestBody
    )
    {
        try
        {
            if (rented.Session.InFlight > _options.MaxRequestsPerTunnel)
            {
                return null;
            }

            var outcome = await forwarder.SendAsync(context, target, rented.Connection.Destination, requestBody);
            rented.Session.Health.Judge(outcome, context.Response, time);
            return outcome;
        }
        finally
        {
            rented.Return();
        }
    }

    private static bool IsHere(TunnelGroup? group) => group is { Sessions.IsEmpty: false };
}
