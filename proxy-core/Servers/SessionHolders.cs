using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// Which of several addresses holds a session: it exists in one process only. Bounded: the longest unused go first, and their clients
/// may then have to open a new one.
/// </summary>
internal sealed class SessionHolders(TimeProvider time)
{
    /// <summary>Sessions remembered at once.</summary>
    public const int MaxSessions = 10_000;

    private readonly ConcurrentDictionary<string, Holding> _holders = new(StringComparer.Ordinal);

    /// <param name="session">A session id, or the target that a legacy client was told to post to.</param>
    public Upstream? Find(string session)
    {
        if (!_holders.TryGetValue(session, out var holding))
        {
            return null;
        }

        holding.UsedAt = time.GetTimestamp();
        return holding.Upstream;
    }

    public void Add(string session, Upstream upstream)
    {
        _holders[session] = new Holding(upstream) { UsedAt = time.GetTimestamp() };
        if (_holders.Count > MaxSessions)
        {
            foreach (var (oldest, _) in _holders.OrderBy(pair => pair.Value.UsedAt).Take(MaxSessions / 10))
            {
                _holders.TryRemove(oldest, out _);
            }
        }
    }

    public void Remove(string session) => _holders.TryRemove(session, out _);

    private sealed class Holding(Upstream upstream)
    {
        public Upstream Upstream { get; } = upstream;

        public long UsedAt { get; set; }
    }
}
