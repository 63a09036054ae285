namespace Tunnel.Relay.Tunnels;

/// <summary>How many requests wait, and how many bytes they may hold, for one name or for all.</summary>
internal sealed class HeldShare
{
    private readonly Lock _lock = new();
    private int _requests;
    private long _bytes;

    public int Requests => Volatile.Read(ref _requests);

    public bool TryTake(long bytes, int maxRequests, long maxBytes)
    {
        lock (_lock)
        {
            if (_requests >= maxRequests || _bytes + bytes > maxBytes)
            {
                return false;
            }

            _requests++;
            _bytes += bytes;
            return true;
        }
    }

    public void Give(long bytes)
    {
        lock (_lock)
        {
            _requests--;
            _bytes -= bytes;
        }
    }
}
