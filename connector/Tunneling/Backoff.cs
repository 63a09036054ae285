namespace Tunnel.Connector.Tunneling;

/// <summary>
/// How long to wait before the next try: nothing before the first, then a random time below a bound that grows from 250 ms to 15 s.
/// Full jitter keeps connectors that lost the same relay from coming back in step.
/// </summary>
internal sealed class Backoff(Func<double> random)
{
    private static readonly TimeSpan s_base = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);

    // A gentle slope: after a relay restart of a few seconds nobody waits for many more.
    private const double Growth = 1.5;

    private int _failures;

    public TimeSpan Next()
    {
        var failures = _failures++;
        if (failures == 0)
        {
            return TimeSpan.Zero;
        }

        var bound = Math.Min(s_limit.TotalMilliseconds, s_base.TotalMilliseconds * Math.Pow(Growth, failures - 1));
        return TimeSpan.FromMilliseconds(bound * random());
    }

    public void Reset() => _failures = 0;
}
