using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Identity;

/// <summary>Ends tunnels whose credential was revoked, has expired, or does not allow their name any longer.</summary>
internal sealed partial class CredentialWatch(
    TunnelRegistry tunnels,
    ConnectorAuthentication authentication,
    ITunnelEvictions evictions,
    TimeProvider time,
    ILogger<CredentialWatch> logger
) : BackgroundService
{
    /// <summary>A revoked token closes its tunnels within this and a moment more.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Questions to a verifier at once.</summary>
    private const int MaxAtOnce = 16;

    /// <summary>Looks once at every credential of this kind that is in use.</summary>
    public Task CheckAsync(CredentialKind kind, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            tunnels
                .Sessions.Where(session => session.Owner.Credential.Kind == kind)
                .GroupBy(session => session.Owner.Credential.Hash, StringComparer.Ordinal)
                .ToArray(),
            new ParallelOptions { MaxDegreeOfParallelism = MaxAtOnce, CancellationToken = cancellationToken },
            async (sessions, stopping) =>
            {
                var owner = sessions.First().Owner;
                var (identity, refusal) = await authentication.IdentifyAsync(owner.Credential, owner.Token, stopping);
                foreach (var session in sessions)
                {
                    if (FindReason(session, identity, refusal) is { } reason)
                    {
                        evictions.Evict(session, reason);
                    }
                }
            }
        );

    // One that waits for a verifier must not keep tokens from being looked at.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RepeatAsync(CredentialKind.Token, stoppingToken), RepeatAsync(CredentialKind.Foreign, stoppingToken));

    private Task RepeatAsync(CredentialKind kind, CancellationToken stopping) =>
        Rounds.RepeatAsync(
            cancellationToken => CheckAsync(kind, cancellationToken),
            Every,
            failure => Log.Stumbled(logger, failure),
            time,
            stopping
        );

    /// <remarks>A store or verifier that cannot be asked ends nothing: what is open goes on.</remarks>
    private ProxyError? FindReason(TunnelSession session, ConnectorIdentity? identity, ProxyError? refusal)
    {
        if (session.Owner.ExpiresAt <= time.GetUtcNow() || identity?.ExpiresAt <= time.GetUtcNow() || refusal == ErrorCatalog.BadCredential)
        {
            return ErrorCatalog.CredentialEnded;
        }

        return identity is not null && (identity.OwnerId != session.Owner.OwnerId || !identity.Names.Allows(session.Name))
            ? ErrorCatalog.NameNotForToken
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1113, LogLevel.Error, "looking after credentials failed and goes on", EventName = "CredentialWatchStumbled")]
        public static partial void Stumbled(ILogger logger, Exception cause);
    }
}
