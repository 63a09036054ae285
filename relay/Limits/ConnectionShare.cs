namespace Tunnel.Relay.Limits;

/// <summary>The part of its address's connections that a connection is. A feature of the connection.</summary>
internal sealed class ConnectionShare(Action leave)
{
    private Action? _leave = leave;

    /// <summary>When the connection ends, or somebody has logged in on it; whichever is first.</summary>
    public void GiveBack() => Interlocked.Exchange(ref _leave, null)?.Invoke();
}
