namespace Tunnel.Tests.Origins;

/// <summary>A counter that a test can read, and wait on instead of polling.</summary>
public sealed class CountSignal
{
    private readonly Lock _lock = new();
    private readonly List<(Predicate<int> Condition, TaskCompletionSource Reached)> _waiting = [];
    private int _value;

    public int Value => Volatile.Read(ref _value);

    /// <summary>Completes once the count meets the condition, at once if it already does.</summary>
    public Task WhenAsync(Predicate<int> condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (condition(_value))
            {
                return Task.CompletedTask;
            }

            _waiting.Add((condition, reached));
        }

        return reached.Task.WaitAsync(cancellationToken);
    }

    public void Increment() => Add(1);

    public void Decrement() => Add(-1);

    private void Add(int change)
    {
        lock (_lock)
        {
            var value = _value += change;
            _waiting.RemoveAll(waiter => waiter.Condition(value) && waiter.Reached.TrySetResult());
        }
    }
}
