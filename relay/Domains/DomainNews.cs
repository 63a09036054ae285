using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Contract;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Control;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Domains;

/// <summary>Tells the log, and the connectors that are concerned, what becomes of domains.</summary>
internal sealed partial class DomainNews(
    TunnelRegistry tunnels,
    IHubContext<ControlHub, IConnectorClient> hub,
    RelayOptions options,
    ILogger<DomainNews> logger
)
{
    public void Tell(DomainClaim? before, DomainClaim? after)
    {
        if (before is not null && (after is null || after.OwnerId != before.OwnerId || after.Name != before.Name))
        {
            Log.TakenOff(logger, before.Domain, before.Name, before.OwnerId);
            TellOwner(before, $"requests for {before.Domain} do not come here any longer; see mcpr names list-domains");
            before = null;
        }

        if (after is null)
        {
            return;
        }

        if (before is null)
        {
            Log.Active(logger, after.Domain, after.Name, after.OwnerId);
            TellOwner(after, $"requests for {options.OriginOfHost(after.Domain)} come here too");
        }

        if (after.FailingSince is { } since && before?.FailingSince is null)
        {
            var until = since + options.Domains.Grace;
            Log.Failing(logger, after.Domain, after.Name, until);
            TellOwner(
                after,
                FormattableString.Invariant(
                    $"the TXT record {DomainName.ProofLabel}.{after.Domain} is gone; without it {after.Domain} is taken off at {until:u}"
                )
            );
        }
    }

    private void TellOwner(DomainClaim claim, string text)
    {
        var sessions = tunnels.Find(claim.Name)?.Sessions ?? [];
        foreach (var session in sessions.Where(session => session.Owner.OwnerId == claim.OwnerId))
        {
            tunnels.Track(hub.Clients.Client(session.Terms.ControlConnectionId).Notice(new TunnelNotice(text)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1108, LogLevel.Information, "domain active domain={Domain} name={Name} owner={Owner}", EventName = "DomainActive")]
        public static partial void Active(ILogger logger, string domain, string name, string owner);

        [LoggerMessage(
            1109,
            LogLevel.Information,
            "domain taken off domain={Domain} name={Name} owner={Owner}",
            EventName = "DomainTakenOff"
        )]
        public static partial void TakenOff(ILogger logger, string domain, string name, string owner);

        [LoggerMessage(
            1110,
            LogLevel.Warning,
            "proof of a domain is gone domain={Domain} name={Name} until={Until:u}",
            EventName = "DomainProofGone"
        )]
        public static partial void Failing(ILogger logger, string domain, string name, DateTimeOffset until);
    }
}
