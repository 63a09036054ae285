namespace Tunnel.Relay.Tunnels;

/// <summary>How many tunnels each owner has open.</summary>
internal sealed class OwnerShares
{
    private readonly Lock _lock = new();

    // Bounded by the open tunnels: owners without any are not in it.
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    public int CountOf(string ownerId)
    {
        lock (_lock)
        {
            return _open.GetValueOrDefault(ownerId);
        }
    }

    public void Add(string ownerId, int change)
    {
        lock (_lock)
        {
            var count = _open.GetValueOrDefault(ownerId) + change;
            if (count == 0)
            {
                _open.Remove(ownerId);
            }
            else
            {
                _open[ownerId] = count;
            }
        }
    }
}
