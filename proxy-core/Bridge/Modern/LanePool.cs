using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// The processes that serve clients of the revision 2026-07-28. As many as are needed at once, up to the limit of sessions; one that nobody
/// needs for a while ends.
/// </summary>
internal sealed class LanePool(ProcessSource source, BridgeMetrics metrics) : IAsyncDisposable
{
    /// <summary>How long a process is kept for the next request.</summary>
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly List<Lane> _lanes = [];
    private readonly RestartBackoff _backoff = new();
    private int _starting;

    /// <summary>Who hears of changes that any of the processes tells.</summary>
    public ListenerHub Listeners { get; } = new();

    /// <summary>A process to share with other requests.</summary>
    /// <exception cref="CallFailedException">There is none, and none can be started.</exception>
    public Task<Lane> ShareAsync(LaneKey key, CancellationToken cancellationToken) =>
        RentAsync(key, lane => lane.Exclusive is null, lane => lane.Shared++, cancellationToken);

    /// <summary>A process for one request alone.</summary>
    /// <exception cref="CallFailedException">There is none, and none can be started.</exception>
    public Task<Lane> TakeAsync(LaneKey key, Func<Lane, LaneCall> call, CancellationToken cancellationToken) =>
        RentAsync(key, lane => lane.IsFree, lane => lane.Exclusive = call(lane), cancellationToken);

    public void Return(Lane lane, LaneCall? exclusive = null)
    {
        lock (_lock)
        {
            lane.Use();
            if (exclusive is null)
            {
                lane.Shared--;
            }
            else if (lane.Exclusive == exclusive)
            {
                lane.Exclusive = null;
            }
        }
    }

    public IReadOnlyList<Lane> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _lanes];
            }
        }
    }

    /// <summary>Ends processes that nobody has needed for a while, and requests that take too long. Calls with rounds look after themselves.</summary>
    public void Sweep()
    {
        Lane[] idle;
        lock (_lock)
        {
            idle = [.. _lanes.Where(lane => lane.IsFree && lane.IdleTime > IdleLimit && !Listeners.Has(lane))];
            _lanes.RemoveAll(idle.Contains);
        }

        foreach (var lane in idle)
        {
            _ = lane.Link.StopAsync();
        }

        foreach (var lane in All)
        {
            foreach (var call in lane.Link.Overdue(source.Options.RequestLimit).Where(call => call.Owner is not LaneCall))
            {
                _ = lane.Link.GiveUpAsync(call);
            }
        }
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(
            All.Select(async lane =>
            {
                await lane.Link.StopAsync();
                await lane.Link.Closed;
            })
        );

    private async Task<Lane> RentAsync(LaneKey key, Func<Lane, bool> isFit, Action<Lane> take, CancellationToken cancellationToken)
    {
        Lane? displaced = null;
        lock (_lock)
        {
            if (_lanes.Find(lane => lane.Key == key && lane.Link.IsOpen && isFit(lane)) is { } free)
            {
                free.Use();
                take(free);
                return free;
            }

            if (_lanes.Count + _starting >= source.Options.MaxSessions)
            {
                displaced =
                    _lanes.Where(lane => lane.IsFree).MaxBy(lane => lane.IdleTime)
                    ?? throw new CallFailedException(ErrorCatalog.ServerBusy);
                _lanes.Remove(displaced);
            }

            _starting++;
        }

        try
        {
            _ = displaced?.Link.StopAsync();
            await Task.Delay(_backoff.Delay, source.Time, cancellationToken);
            var lane = await Lane.StartAsync(key, source, Listeners, metrics, Forget, cancellationToken);
            lock (_lock)
            {
                take(lane);
                _lanes.Add(lane);
            }

            return lane;
        }
        finally
        {
            lock (_lock)
            {
                _starting--;
            }
        }
    }

    private void Forget(Lane lane)
    {
        lock (_lock)
        {
            _lanes.Remove(lane);
            if (!lane.Link.Process.IsStopping)
            {
                _backoff.Died(source.Time.GetElapsedTime(lane.Link.StartedAt));
            }
        }
    }
}
