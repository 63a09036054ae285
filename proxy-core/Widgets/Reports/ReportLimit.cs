namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>How many reports are taken: anybody can send some, and nobody needs many to see what is wrong.</summary>
internal sealed class ReportLimit(TimeProvider time)
{
    /// <summary>Reports at once, which a page full of violations sends.</summary>
    private const double Burst = 100;

    private const double PerSecond = 10;

    private readonly Lock _lock = new();
    private double _left = Burst;
    private long _at = time.GetTimestamp();

    public bool TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(Burst, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
            _at = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
