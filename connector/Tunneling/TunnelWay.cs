namespace Tunnel.Connector.Tunneling;

/// <summary>
/// How long one way through the tunnel takes: half of the fastest answer of the relay on the control connection, which goes the same way as a rule.
/// An estimate, for which no two clocks have to agree. A feature of data connections.
/// </summary>
internal sealed class TunnelWay(TimeProvider time)
{
    private long _fastest = long.MaxValue;

    /// <summary>Null as long as the relay has not answered.</summary>
    public TimeSpan? Estimate => Interlocked.Read(ref _fastest) is var ticks and not long.MaxValue ? TimeSpan.FromTicks(ticks / 2) : null;

    /// <summary>Takes the time of a question to the relay, as a sample, if it was answered: neither with null nor with false.</summary>
    public async Task<T> MeasureAsync<T>(Func<Task<T>> askAsync)
    {
        var asked = time.GetTimestamp();
        var answer = await askAsync();
        if (answer is null or false)
        {
            return answer;
        }

        var took = time.GetElapsedTime(asked).Ticks;
        var fastest = Interlocked.Read(ref _fastest);
        while (took < fastest && Interlocked.CompareExchange(ref _fastest, took, fastest) is var found && found != fastest)
        {
            fastest = found;
        }

        return answer;
    }
}
