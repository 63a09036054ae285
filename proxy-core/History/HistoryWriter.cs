using System.Threading.Channels;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;

namespace Tunnel.ProxyCore.History;

/// <summary>
/// Takes events from requests and writes them on threads of its own, many in one transaction: a slow disk costs events, which are counted, and not requests.
/// </summary>
public sealed class HistoryWriter : IEventSink, IToolListSink, IAsyncDisposable
{
    /// <summary>Bounded: a disk that stops must not fill the memory. What comes while so many wait is dropped and counted.</summary>
    public const int MaxWaiting = 16_384;

    /// <summary>Lists of tools that wait; they are larger than events, and the next one says the same.</summary>
    private const int MaxListings = 16;

    /// <summary>Events of one transaction; it keeps others from writing for about 50 ms.</summary>
    private const int MaxBatch = 2_000;

    /// <summary>How long events gather before they are written. <c>mcpr logs -f</c> is behind by this.</summary>
    private static readonly TimeSpan s_gathering = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_pruneEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long stopping waits for the last events to be written.</summary>
    private static readonly TimeSpan s_flushLimit = TimeSpan.FromSeconds(2);

    private readonly Channel<HistoryEntry> _waiting = Channel.CreateBounded<HistoryEntry>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    private readonly Channel<ToolListAnswer> _listings = Channel.CreateBounded<ToolListAnswer>(
        new BoundedChannelOptions(MaxListings) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly IHistoryStore _store;
    private readonly HistoryOptions _options;
    private readonly Action<string> _say;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;
    private long _dropped;
    private long _droppedInAll;
    private long _prunedAt;
    private bool _isFailing;

    /// <param name="store">Where events go.</param>
    /// <param name="options">How much of it stays.</param>
    /// <param name="say">Tells people that writing has failed, or works again.</param>
    /// <param name="time">The clock.</param>
    public HistoryWriter(IHistoryStore store, HistoryOptions options, Action<string> say, TimeProvider time)
    {
        _store = store;
        _options = options;
        _say = say;
        _time = time;
        _writing = WriteAsync();
    }

    /// <summary>Where events go.</summary>
    public IHistoryStore Store => _store;

    /// <summary>How much of it stays.</summary>
    public HistoryOptions Options => _options;

    /// <summary>Events that were not written since the start.</summary>
    public long Dropped => Interlocked.Read(ref _droppedInAll);

    public void Write(Guid id, McpEvent mcpEvent)
    {
        if (!_waiting.Writer.TryWrite(new HistoryEntry(id, mcpEvent)))
        {
            Interlocked.Increment(ref _dropped);
            Interlocked.Increment(ref _droppedInAll);
        }
    }

    public void Record(ToolListAnswer answer) => _listings.Writer.TryWrite(answer);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _stopping.CancelAsync();
        await Task.WhenAny(_writing, Task.Delay(s_flushLimit, _time, CancellationToken.None));
        if (_writing.IsCompleted)
        {
            _stopping.Dispose();
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<HistoryEntry>(MaxBatch);
        do
        {
            await GatherAsync(batch);
            if (batch.Count > 0 || _listings.Reader.Count > 0)
            {
                await WriteAsync(batch);
                batch.Clear();
            }

            await PruneAsync();
        } while (await _waiting.Reader.WaitToReadAsync());
    }

    private async Task GatherAsync(List<HistoryEntry> batch)
    {
        if (_waiting.Reader.Count < MaxBatch && !_stopping.IsCancellationRequested)
        {
            // Ends early when we are to stop, which is no failure.
            await Task.Delay(s_gathering, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (batch.Count < MaxBatch && _waiting.Reader.TryRead(out var entry))
        {
            batch.Add(entry);
        }
    }

    private async Task WriteAsync(List<HistoryEntry> entries)
    {
        List<ToolListing> listings = [];
        while (_listings.Reader.TryRead(out var answer))
        {
            if (ToolListReader.Read(answer) is { } listing)
            {
                listings.Add(listing);
            }
        }

        var (lost, now) = (Interlocked.Exchange(ref _dropped, 0), _time.GetUtcNow());
        var batch = new HistoryBatch
        {
            Entries = entries,
            Listings = listings,
            Losses = lost > 0 ? [new HistoryLoss(Guid.CreateVersion7(now), now, lost)] : [],
        };
        while (!await TryWriteAsync(batch))
        {
            if (_stopping.IsCancellationRequested)
            {
                Interlocked.Add(ref _droppedInAll, entries.Count);
                return;
            }

            await Task.Delay(s_retry, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryWriteAsync(HistoryBatch batch)
    {
        try
        {
            await OnThreadOfItsOwnAsync(() => _store.WriteAsync(batch, CancellationToken.None).AsTask());
            Tell(problem: null);
            return true;
        }
        catch (HistoryUnavailableException unavailable)
        {
            Tell(unavailable.Message);
            return false;
        }
        catch (Exception unexpected)
        {
            // These cannot be written at all. It costs them and not all that come after them.
            Tell(unexpected.Message);
            Interlocked.Add(ref _dropped, batch.Entries.Count + batch.Losses.Sum(loss => loss.Count));
            Interlocked.Add(ref _droppedInAll, batch.Entries.Count);
            return true;
        }
    }

    private async Task PruneAsync()
    {
        if (_prunedAt != 0 && _time.GetElapsedTime(_prunedAt) < s_pruneEvery)
        {
            return;
        }

        _prunedAt = _time.GetTimestamp();
        try
        {
            await OnThreadOfItsOwnAsync(() => _store.PruneAsync(_time.GetUtcNow(), _options, _stopping.Token).AsTask());
        }
        catch (Exception failed)
        {
            // What should be gone stays, and is tried again.
            Tell(failed.Message);
        }
    }

    // The store waits for the disk, and there are few threads that answer requests: it must not take one of them.
    private static Task OnThreadOfItsOwnAsync(Func<Task> work) =>
        Task
            .Factory.StartNew(
                work,
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default
            )
            .Unwrap();

    private void Tell(string? problem)
    {
        if (_isFailing != problem is not null)
        {
            _isFailing = problem is not null;
            _say(problem is null ? "the history is written again" : $"the history cannot be written: {problem}");
        }
    }
}
