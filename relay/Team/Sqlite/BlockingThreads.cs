using System.Collections.Concurrent;
using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team.Sqlite;

/// <summary>
/// Threads for what blocks whoever calls it: the pool's threads carry tunnels, which must not wait for a disk. Bounded in number and in what waits for
/// them.
/// </summary>
internal sealed class BlockingThreads : IDisposable
{
    /// <summary>Questions that wait; whoever comes then is told to come again.</summary>
    public const int MaxWaiting = 256;

    private readonly BlockingCollection<Func<Task>> _waiting = new(MaxWaiting);

    /// <param name="name">What they are called.</param>
    /// <param name="count">How many.</param>
    public BlockingThreads(string name, int count)
    {
        for (var i = 0; i < count; i++)
        {
            new Thread(Run) { Name = name, IsBackground = true }.Start();
        }
    }

    /// <param name="work">Runs on one of the threads up to its first real wait.</param>
    /// <param name="cancellationToken">Takes it back while it has not begun.</param>
    /// <exception cref="HistoryUnavailableException">Too much waits already.</exception>
    public Task<T> RunAsync<T>(Func<ValueTask<T>> work, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_waiting.TryAdd(() => CompleteAsync(work, done, cancellationToken)))
        {
            throw new HistoryUnavailableException("too much waits for the disk", new TimeoutException());
        }

        return done.Task;
    }

    /// <summary>Lets the threads end once nothing waits any more.</summary>
    public void Dispose() => _waiting.CompleteAdding();

    private static async Task CompleteAsync<T>(Func<ValueTask<T>> work, TaskCompletionSource<T> done, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            done.SetResult(await work());
        }
        catch (OperationCanceledException cancelled)
        {
            done.TrySetCanceled(cancelled.CancellationToken);
        }
        catch (Exception failed)
        {
            done.SetException(failed);
        }
    }

    private void Run()
    {
        foreach (var work in _waiting.GetConsumingEnumerable())
        {
            // It never throws: whoever asked gets what went wrong.
            _ = work();
        }
    }
}
