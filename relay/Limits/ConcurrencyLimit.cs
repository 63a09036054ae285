namespace Tunnel.Relay.Limits;

/// <summary>Counts what each of very many callers has under way, in memory that does not grow; told apart as in <see cref="RateLimit"/>.</summary>
/// <param name="max">What one caller may have under way; zero for no limit.</param>
internal sealed class ConcurrencyLimit(int max)
{
    private const int Counters = 1 << 16;

    private readonly int[] _running = max == 0 ? [] : new int[Counters];

    /// <param name="caller">A hash with a seed of this process.</param>
    /// <returns>False when there is too much; otherwise <see cref="Leave"/> has to follow.</returns>
    public bool TryEnter(int caller)
    {
        if (max == 0)
        {
            return true;
        }

        ref var running = ref _running[(uint)caller % Counters];
        if (Interlocked.Increment(ref running) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref running);
        return false;
    }

    public void Leave(int caller)
    {
        if (max > 0)
        {
            Interlocked.Decrement(ref _running[(uint)caller % Counters]);
        }
    }
}
