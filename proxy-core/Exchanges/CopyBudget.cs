namespace Tunnel.ProxyCore.Exchanges;

/// <summary>The memory that copies of bodies under way may take together; where it is used up, copies are cut.</summary>
internal sealed class CopyBudget(long maxBytes)
{
    private long _used;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= maxBytes)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        return false;
    }

    public void Give(int bytes) => Interlocked.Add(ref _used, -bytes);
}
