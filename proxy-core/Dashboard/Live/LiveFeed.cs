using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Live;

/// <summary>
/// Follows the history for all who watch, and asks it only while somebody does. So that what other processes write is seen too, it comes from there and not
/// from the requests of this one.
/// </summary>
/// <param name="store">The history.</param>
/// <param name="time">The clock.</param>
/// <param name="stopping">Ends when the program does, which must not wait for who only watches.</param>
internal sealed class LiveFeed(IHistoryStore store, TimeProvider time, CancellationToken stopping)
{
    /// <summary>Bounded: who watches is a person.</summary>
    public const int MaxReaders = 16;

    /// <summary>Rows of one answer; more comes with the next.</summary>
    private const int Page = 1000;

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(250);

    /// <summary>How old what is known of the usual times may be.</summary>
    private static readonly TimeSpan s_usualFor = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan s_usualSpan = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private readonly List<LiveReader> _readers = [];
    private Task _following = Task.CompletedTask;

    /// <summary>The usual times of tools in the last hour.</summary>
    public IReadOnlyDictionary<ToolKey, TimeSpan> Usual { get; private set; } = new Dictionary<ToolKey, TimeSpan>();

    public CancellationToken Stopping => stopping;

    /// <returns>Null if there are too many already.</returns>
    public LiveReader? Add(Func<StoredEvent, bool> wants)
    {
        lock (_lock)
        {
            if (_readers.Count >= MaxReaders)
            {
                return null;
            }

            var reader = new LiveReader(wants);
            _readers.Add(reader);
            if (_following.IsCompleted)
            {
                _following = Task.Run(FollowAsync);
            }

            return reader;
        }
    }

    public void Remove(LiveReader reader)
    {
        lock (_lock)
        {
            _readers.Remove(reader);
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            // First, because what comes meanwhile is to be told; the usual times of a long history take a moment.
            var last = await FindNewestAsync();
            var usualAt = time.GetTimestamp();
            await LearnUsualAsync();
            while (!Stopping.IsCancellationRequested && HasReaders())
            {
                if (time.GetElapsedTime(usualAt) > s_usualFor)
                {
                    usualAt = time.GetTimestamp();
                    await LearnUsualAsync();
                }

                last ??= await FindNewestAsync();
                var page = last is { } known ? await ReadAsync(known) : new EventPage([], Next: null);
                foreach (var one in page.Events)
                {
                    last = one.Sequence;
                    Offer(one);
                }

                if (page.Next is null)
                {
                    await Task.Delay(s_poll, time, Stopping);
                }
            }
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            // Nobody has to follow any more.
        }
        catch
        {
            EndReaders();
            throw;
        }
    }

    /// <summary>Their pages come back, and then it is followed anew; otherwise they would look at a page on which nothing happens.</summary>
    private void EndReaders()
    {
        lock (_lock)
        {
            _readers.ForEach(reader => reader.End());
            _readers.Clear();
            _following = Task.CompletedTask;
        }
    }

    /// <returns>Whether to go on; if not, whoever comes next begins anew.</returns>
    private bool HasReaders()
    {
        lock (_lock)
        {
            if (_readers.Count == 0)
            {
                _following = Task.CompletedTask;
            }

            return _readers.Count > 0;
        }
    }

    /// <returns>Null where the history cannot be read now.</returns>
    private async Task<long?> FindNewestAsync()
    {
        try
        {
            return await store.NewestAsync(Stopping);
        }
        catch (HistoryUnavailableException)
        {
            return null;
        }
    }

    private async Task<EventPage> ReadAsync(long last)
    {
        try
        {
            var now = time.GetUtcNow();
            return await store.EventsAsync(
                new EventQuery
                {
                    Filter = new HistoryFilter { From = now, To = now },
                    After = last,
                    Limit = Page,
                },
                Stopping
            );
        }
        catch (HistoryUnavailableException)
        {
            // The next time, perhaps; the pages' other questions tell what is wrong.
            return new EventPage([], Next: null);
        }
    }

    private async Task LearnUsualAsync()
    {
        try
        {
            var now = time.GetUtcNow();
            Usual = await new HistoryReports(store).UsualTimesAsync(new HistoryFilter { From = now - s_usualSpan, To = now }, Stopping);
        }
        catch (HistoryUnavailableException)
        {
            // What is slow is not marked then.
        }
    }

    private void Offer(StoredEvent one)
    {
        lock (_lock)
        {
            foreach (var reader in _readers)
            {
                reader.Offer(one);
            }
        }
    }
}
