using StackExchange.Redis;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Tls.Orders;

/// <summary>Certificates in Redis. Each operation is one script, certificates.lua.</summary>
internal sealed class CertificateScript(RedisConnection redis, TimeProvider time)
{
    private static readonly RedisScript s_script = new("certificates.lua");

    /// <returns>Null when Redis does not answer.</returns>
    public async Task<RedisResult?> TryRunAsync(string operation, RedisValue[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            return await redis.RunAsync(s_script, operation, time.GetUtcNow(), arguments, cancellationToken);
        }
        catch (Exception unavailable) when (RedisConnection.IsUnavailable(unavailable, cancellationToken))
        {
            return null;
        }
    }
}
