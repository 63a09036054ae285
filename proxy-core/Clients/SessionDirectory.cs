using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.Clients;

/// <summary>Remembers who opened a session, since later requests of it do not say. Bounded by count and by idle time.</summary>
internal sealed class SessionDirectory(TimeProvider time, SessionEnds ends)
{
    /// <summary>Sessions remembered at once; the longest idle go first.</summary>
    public const int MaxSessions = 10_000;

    /// <summary>A session without an exchange for this long is taken for over.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, OpenSession> _sessions = new(StringComparer.Ordinal);

    public int Count => _sessions.Count;

    public void Open(string session, ClientIdentity? client, string? protocolVersion)
    {
        var now = time.GetTimestamp();
        _sessions[session] = new OpenSession(client, protocolVersion, now);
        if (_sessions.Count > MaxSessions)
        {
            MakeRoom();
        }
    }

    /// <summary>An exchange of the session begins. Until its <see cref="OpenSession.Done"/> the session is not idle, however quiet its stream.</summary>
    /// <returns>Null where nobody was seen to open it.</returns>
    public OpenSession? Begin(string session)
    {
        var open = _sessions.GetValueOrDefault(session);
        open?.Begin(time.GetTimestamp());
        return open;
    }

    /// <summary>The client ended the session; the exchange that did tells it.</summary>
    public void Close(string session)
    {
        if (_sessions.TryRemove(session, out var open))
        {
            ends.Closed(time.GetElapsedTime(open.OpenedAt), open.ProtocolVersion);
        }
    }

    /// <summary>Ends the sessions that were idle for too long.</summary>
    public void EndIdle()
    {
        foreach (var pair in _sessions)
        {
            if (!pair.Value.IsBusy && time.GetElapsedTime(pair.Value.UsedAt) > IdleLimit && _sessions.TryRemove(pair))
            {
                End(pair.Key, pair.Value, SessionEnds.Idle);
            }
        }
    }

    private void MakeRoom()
    {
        foreach (var pair in _sessions.OrderBy(pair => pair.Value.UsedAt).Take(MaxSessions / 10))
        {
            if (_sessions.TryRemove(pair))
            {
                End(pair.Key, pair.Value, SessionEnds.Evicted);
            }
        }
    }

    private void End(string session, OpenSession open, string reason) =>
        ends.Ended(session, open, time.GetElapsedTime(open.OpenedAt, open.UsedAt), reason);
}
