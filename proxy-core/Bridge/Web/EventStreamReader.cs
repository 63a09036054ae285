namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>How far somebody has read. All of it belongs to the lock of the stream.</summary>
internal sealed class EventStreamReader(long next)
{
    private TaskCompletionSource _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Next { get; set; } = next;

    public bool IsDropped { get; private set; }

    public Task Signal => _signal.Task;

    public void Wake() => _signal.TrySetResult();

    /// <summary>There is nothing to read now.</summary>
    public void Rest()
    {
        if (_signal.Task.IsCompleted)
        {
            _signal = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    public void Drop()
    {
        IsDropped = true;
        Wake();
    }
}
