namespace Tunnel.ProxyCore.Clients;

/// <summary>A session that a client opened and did not end yet.</summary>
internal sealed class OpenSession(ClientIdentity? client, string? protocolVersion, long openedAt)
{
    private long _usedAt = openedAt;
    private int _exchanges;

    public ClientIdentity? Client { get; } = client;

    public string? ProtocolVersion { get; } = protocolVersion;

    public long OpenedAt { get; } = openedAt;

    /// <summary>When an exchange of it last began or ended.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>Whether an exchange is under way, such as an event stream that stays open.</summary>
    public bool IsBusy => Volatile.Read(ref _exchanges) > 0;

    public void Begin(long now)
    {
        Interlocked.Increment(ref _exchanges);
        Volatile.Write(ref _usedAt, now);
    }

    public void Done(long now)
    {
        Interlocked.Decrement(ref _exchanges);
        Volatile.Write(ref _usedAt, now);
    }
}
