using System.Collections.Concurrent;
using System.Globalization;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Tls.Orders;

/// <summary>
/// Which certificates in Redis are new. Whoever looks after one of a thousand domains asks here, and all of them together are one question
/// to Redis.
/// </summary>
internal sealed class CertificateNews(RedisConnection redis, TimeProvider time) : IDisposable
{
    /// <summary>Answers count for so long, also that there is none.</summary>
    public static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(1);

    // Bounded by what relays of this Redis have ordered and is still kept there, which --max-domains bounds.
    private readonly ConcurrentDictionary<string, long> _revisions = new(StringComparer.Ordinal);

    private readonly CertificateScript _script = new(redis, time);
    private readonly SemaphoreSlim _asking = new(1);
    private DateTimeOffset _askedAt;
    private long _highest;

    /// <returns>The revision of what is there, 0 where nothing is known of it.</returns>
    public async ValueTask<long> RevisionOfAsync(string key, CancellationToken cancellationToken)
    {
        await _asking.WaitAsync(cancellationToken);
        try
        {
            if (time.GetUtcNow() - _askedAt >= AskEvery)
            {
                await AskAsync(cancellationToken);
                _askedAt = time.GetUtcNow();
            }
        }
        finally
        {
            _asking.Release();
        }

        return _revisions.GetValueOrDefault(key);
    }

    public void Dispose() => _asking.Dispose();

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        if (await _script.TryRunAsync("changed", [_highest], cancellationToken) is not { } answer)
        {
            return;
        }

        // 1767322800007 "acme.example mcp.example.com" 1767322800003 "acme.example b.example.com" 1767322800007
        var rows = (string[])answer;
        var highest = Revision(rows[0]);
        if (highest < _highest)
        {
            // Redis has lost what it had. Next time all that is there now is new.
            _revisions.Clear();
            _highest = 0;
            return;
        }

        foreach (var pair in rows.Skip(1).Chunk(2))
        {
            _revisions[pair[0]] = Revision(pair[1]);
        }

        _highest = highest;
    }

    private static long Revision(string written) => long.Parse(written, CultureInfo.InvariantCulture);
}
