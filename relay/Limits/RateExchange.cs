using System.Globalization;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Limits;

/// <summary>
/// Tells Redis what this relay let through, and takes over what all did. No request waits for it. While Redis does not answer, each relay
/// keeps to the rates by itself.
/// </summary>
internal sealed class RateExchange(RedisConnection redis, VisitorLimits limits, TimeProvider time) : BackgroundService
{
    /// <summary>For so long a relay does not know what the others let through.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <summary>Bounds one script, so that nothing else waits for long behind it.</summary>
    private const int BatchSize = 500;

    private static readonly RedisScript s_script = new("rates.lua");

    public async Task ExchangeAsync(SharedRate rate, CancellationToken cancellationToken)
    {
        foreach (var batch in rate.Collect(Interval).Chunk(BatchSize))
        {
            var levels = (string[])
                await redis.RunAsync(
                    s_script,
                    "spend",
                    time.GetUtcNow(),
                    [batch.Length, .. batch.SelectMany(ArgumentsOf)],
                    cancellationToken
                );
            foreach (var (spending, level) in batch.Zip(levels))
            {
                rate.Learn(spending, TimeSpan.FromMicroseconds(long.Parse(level, CultureInfo.InvariantCulture)));
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                await Task.WhenAll(limits.Rates.Select(rate => ExchangeAsync(rate, stoppingToken)));
            }
            catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, stoppingToken))
            {
                // Others log that; the next round has what is new then.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static RedisValue[] ArgumentsOf(RateSpending spending) => [spending.Caller, (long)spending.Cost.TotalMicroseconds];
}
