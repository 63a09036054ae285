namespace Tunnel.Relay.Stopping;

/// <summary>Counts the exchanges of visitors, so that a relay that stops knows when the last one has ended.</summary>
internal sealed class RunningExchanges
{
    private int _count;
    private TaskCompletionSource? _idle;

    public int Count => Volatile.Read(ref _count);

    public void Enter() => Interlocked.Increment(ref _count);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0)
        {
            Volatile.Read(ref _idle)?.TrySetResult();
        }
    }

    /// <summary>Completes the next time that nothing is running. For one caller.</summary>
    public Task WhenIdleAsync()
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _idle, idle);
        if (Count == 0)
        {
            idle.TrySetResult();
        }

        return idle.Task;
    }
}
