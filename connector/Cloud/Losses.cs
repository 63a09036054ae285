namespace Tunnel.Connector.Cloud;

/// <summary>Counts events that will not be sent, for the metrics and for the relay, which is told with what comes after them.</summary>
internal sealed class Losses
{
    private long _total;
    private long _untold;

    /// <summary>Events since the start.</summary>
    public long Total => Interlocked.Read(ref _total);

    public void Add(int events) => Add(new BatchFigures { Events = events });

    /// <summary>A batch is lost, and with it what it told of losses before.</summary>
    public void Add(BatchFigures batch)
    {
        Interlocked.Add(ref _total, batch.Events);
        Interlocked.Add(ref _untold, batch.Events + batch.Told);
    }

    /// <returns>What the relay was not told yet, and from now on was.</returns>
    public long Take() => Interlocked.Exchange(ref _untold, 0);
}
