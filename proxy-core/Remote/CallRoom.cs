namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// How much is taken from standard input before the client has to wait: requests under way, and behind them a queue that is bounded by count
/// and bytes. The queue is there so that answers and cancellations behind a full house are still read.
/// </summary>
internal sealed class CallRoom(int maxCalls, int maxBytes) : IDisposable
{
    /// <summary>Far more than a client asks before it reads an answer.</summary>
    private const int MaxWaiting = 1000;

    private readonly SemaphoreSlim _slots = new(maxCalls);
    private readonly Lock _lock = new();
    private int _count;
    private long _bytes;
    private TaskCompletionSource? _change;

    /// <summary>Waits until there is room for one more. A single request always finds room, however large.</summary>
    public async Task EnterAsync(int bytes, CancellationToken cancellationToken)
    {
        while (!TryEnter(bytes, out var change))
        {
            await change.WaitAsync(cancellationToken);
        }
    }

    public void Leave(int bytes)
    {
        TaskCompletionSource? change;
        lock (_lock)
        {
            _count--;
            _bytes -= bytes;
            change = _change;
            _change = null;
        }

        change?.TrySetResult();
    }

    /// <summary>Waits for its turn, first come first served.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _slots.WaitAsync(cancellationToken);

    public void Release() => _slots.Release();

    public void Dispose() => _slots.Dispose();

    private bool TryEnter(int bytes, out Task change)
    {
        lock (_lock)
        {
            if (_count == 0 || (_count < maxCalls + MaxWaiting && _bytes + bytes <= maxBytes))
            {
                _count++;
                _bytes += bytes;
                change = Task.CompletedTask;
                return true;
            }

            _change ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            change = _change.Task;
            return false;
        }
    }
}
