using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>
/// The sessions of one server by their ids. Clients of the cloud begin one for every request and never end it, so there is a limit; at the
/// limit the session that nobody has used for longest ends, and its client begins another when it comes back.
/// </summary>
internal sealed class ClientSessions(int maxSessions, TimeSpan idleLimit, BridgeMetrics metrics)
{
    /// <summary>Bits that nobody guesses.</summary>
    private const int IdBytes = 16;

    private readonly ConcurrentDictionary<string, ClientSession> _sessions = new(StringComparer.Ordinal);

    public int Count => _sessions.Count;

    public IEnumerable<ClientSession> All => _sessions.Values;

    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes));

    public ClientSession? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>Takes a session in.</summary>
    /// <returns>The session that had to go for it, if any; it is the caller's to end.</returns>
    public ClientSession? Add(ClientSession session)
    {
        _sessions[session.Id] = session;
        metrics.Sessions.Add(1);
        if (_sessions.Count <= maxSessions)
        {
            return null;
        }

        var idlest = _sessions.Values.Where(other => other != session).MaxBy(other => other.IdleTime);
        metrics.Dropped(Dropped.Session);
        return idlest is not null && TryRemove(idlest) ? idlest : null;
    }

    public bool TryRemove(ClientSession session)
    {
        var isRemoved = _sessions.TryRemove(KeyValuePair.Create(session.Id, session));
        if (isRemoved)
        {
            metrics.Sessions.Add(-1);
        }

        return isRemoved;
    }

    /// <summary>Removes the sessions that nobody used for too long; they are the caller's to end.</summary>
    public IReadOnlyList<ClientSession> RemoveIdle() =>
        idleLimit == TimeSpan.Zero ? [] : [.. _sessions.Values.Where(session => session.IdleTime > idleLimit && TryRemove(session))];
}
