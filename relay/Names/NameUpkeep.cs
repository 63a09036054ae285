using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Names;

/// <summary>Keeps the names of open tunnels in use, ends tunnels whose name is theirs no longer, and clears away names that have expired.</summary>
internal sealed partial class NameUpkeep(
    INameStore names,
    TunnelRegistry tunnels,
    ITunnelEvictions evictions,
    TimeProvider time,
    ILogger<NameUpkeep> logger
) : BackgroundService
{
    /// <summary>How soon a name that was released or banned elsewhere stops being served here.</summary>
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_expireEvery = TimeSpan.FromMinutes(1);

    /// <summary>Bounds one transaction, so that claims do not wait for long behind it.</summary>
    private const int BatchSize = 500;

    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        foreach (var batch in tunnels.Sessions.Chunk(BatchSize))
        {
            var states = await names.RenewAsync([.. batch.Select(session => session.Lease)], cancellationToken);
            foreach (var (session, state) in batch.Zip(states))
            {
                if (LeaseEnds.ReasonOf(state) is { } reason)
                {
                    evictions.Evict(session, reason);
                }
            }
        }
    }

    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        while (await names.ExpireAsync(BatchSize, cancellationToken) is var count && count > 0)
        {
            Log.Expired(logger, count);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(RepeatAsync(RenewAsync, RenewEvery, stoppingToken), RepeatAsync(ExpireAsync, s_expireEvery, stoppingToken));

    private async Task RepeatAsync(Func<CancellationToken, Task> work, TimeSpan every, CancellationToken stopping)
    {
        // Tunnels that were open before the relay was started come back first, with names that nobody could renew meanwhile.
        await Task.Delay(every, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Rounds.RepeatAsync(work, every, Tell, time, stopping);
    }

    private void Tell(Exception failure)
    {
        if (failure is NameStoreUnavailableException unavailable)
        {
            // Tunnels that are open go on; the next round tries again.
            Log.StoreUnavailable(logger, unavailable.InnerException?.Message);
        }
        else
        {
            Log.Stumbled(logger, failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1104, LogLevel.Warning, "name store unavailable for upkeep: {Reason}", EventName = "UpkeepFailed")]
        public static partial void StoreUnavailable(ILogger logger, string? reason);

        [LoggerMessage(1105, LogLevel.Information, "names expired count={Count}", EventName = "NamesExpired")]
        public static partial void Expired(ILogger logger, int count);

        [LoggerMessage(1111, LogLevel.Error, "looking after names failed and goes on", EventName = "UpkeepStumbled")]
        public static partial void Stumbled(ILogger logger, Exception cause);
    }
}
