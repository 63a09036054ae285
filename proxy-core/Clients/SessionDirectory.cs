using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.Clients;

/// <summary>Remembers who opened a session, since later requests of it do not say. Bounded by count and by idle time.</summary>
internal sealed class SessionDirectory(TimeProvider time)
{
    /// <summary>Sessions remembered at once; the longest idle go first.</summary>
    private const int MaxSessions = 10_000;

    /// <summary>A session that is not used for this long is taken for over.</summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Entry> _sessions = new(StringComparer.Ordinal);

    public void Open(string session, ClientIdentity? client, string? protocolVersion)
    {
        _sessions[session] = new Entry(client, protocolVersion, time.GetTimestamp());
        if (_sessions.Count > MaxSessions)
        {
            MakeRoom();
        }
    }

    public (ClientIdentity? Client, string? ProtocolVersion) Find(string session)
    {
        if (!_sessions.TryGetValue(session, out var entry))
        {
            return default;
        }

        if (time.GetElapsedTime(entry.UsedAt) > s_idle)
        {
            _sessions.TryRemove(KeyValuePair.Create(session, entry));
            return default;
        }

        entry.UsedAt = time.GetTimestamp();
        return (entry.Client, entry.ProtocolVersion);
    }

    public void Close(string session) => _sessions.TryRemove(session, out _);

    private void MakeRoom()
    {
        foreach (var (session, _) in _sessions.OrderBy(pair => pair.Value.UsedAt).Take(MaxSessions / 10))
        {
            _sessions.TryRemove(session, out _);
        }
    }

    private sealed class Entry(ClientIdentity? client, string? protocolVersion, long usedAt)
    {
        public ClientIdentity? Client { get; } = client;

        public string? ProtocolVersion { get; } = protocolVersion;

        public long UsedAt { get; set; } = usedAt;
    }
}
