using Microsoft.Extensions.ObjectPool;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// How long the next hop may take until its response headers. Every piece of the request body starts the time anew, and the headers end it.
/// Kept and used again, since every exchange needs one and a timer is not free.
/// </summary>
internal sealed class HeadersLimit : IDisposable
{
    // Bounded: as many as there are exchanges waiting for headers at once on a busy machine; more are simply made.
    private const int MaxKept = 256;

    private static readonly ObjectPool<HeadersLimit> s_pool = new DefaultObjectPool<HeadersLimit>(new Policy(), MaxKept);

    private readonly CancellationTokenSource _source = new();
    private TimeSpan _time;
    private volatile bool _isLifted;

    private HeadersLimit()
    {
        Postpone = StartAnew;
    }

    /// <summary>Starts the time anew, unless the headers are there.</summary>
    public Action Postpone { get; }

    /// <summary>Cancelled when the time is over.</summary>
    public CancellationToken Token => _source.Token;

    public bool HasPassed => _source.IsCancellationRequested;

    public static HeadersLimit Start(TimeSpan time)
    {
        var limit = s_pool.Get();
        limit._time = time;
        limit._isLifted = false;
        limit._source.CancelAfter(time);
        return limit;
    }

    /// <summary>The headers are there.</summary>
    public void Lift()
    {
        _isLifted = true;
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        Lift();
        s_pool.Return(this);
    }

    private void StartAnew()
    {
        if (_isLifted)
        {
            return;
        }

        _source.CancelAfter(_time);
        // The headers may have come in between, on another thread.
        if (_isLifted)
        {
            _source.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Policy : PooledObjectPolicy<HeadersLimit>
    {
        public override HeadersLimit Create() => new();

        public override bool Return(HeadersLimit limit)
        {
            if (limit._source.TryReset())
            {
                return true;
            }

            limit._source.Dispose();
            return false;
        }
    }
}
