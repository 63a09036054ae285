using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Limits;

/// <summary>
/// Tells Redis what this relay let through, and takes over what all did. No request waits for it. While Redis does not answer, each relay
/// keeps to the rates by itself.
/// </summary>
internal sealed partial class RateExchange(RedisConnection redis, VisitorLimits limits, TimeProvider time, ILogger<RateExchange> logger)
    : BackgroundService
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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Rounds.RepeatAsync(ExchangeAllAsync, Interval, failure => Log.Stumbled(logger, failure), time, stoppingToken);

    private async Task ExchangeAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(limits.Rates.Select(rate => ExchangeAsync(rate, cancellationToken)));
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, cancellationToken))
        {
            // Others log that; the next round has what is new then.
        }
    }

    private static RedisValue[] ArgumentsOf(RateSpending spending) => [spending.Caller, (long)spending.Cost.TotalMicroseconds];

    private static partial class Log
    {
        [LoggerMessage(1114, LogLevel.Error, "sharing rates with other relays failed and goes on", EventName = "RateExchangeStumbled")]
        public static partial void Stumbled(ILogger logger, Exception cause);
    }
}
