using System.Threading.Channels;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.Dashboard.Live;

/// <summary>Somebody who watches, with what waits for him.</summary>
/// <param name="wants">What he wants to see.</param>
internal sealed class LiveReader(Func<StoredEvent, bool> wants)
{
    // Bounded: a page that is not looked at must not fill the memory. What comes meanwhile is dropped and counted.
    private const int MaxWaiting = 256;

    private readonly Channel<StoredEvent> _waiting = Channel.CreateBounded<StoredEvent>(MaxWaiting);
    private long _dropped;

    public ChannelReader<StoredEvent> Events => _waiting.Reader;

    public void Offer(StoredEvent one)
    {
        if (wants(one) && !_waiting.Writer.TryWrite(one))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Nothing more will come; whoever comes back is told what there was meanwhile.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <returns>How many were dropped since this was asked last.</returns>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);
}
