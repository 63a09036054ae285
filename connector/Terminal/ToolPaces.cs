namespace Tunnel.Connector.Terminal;

/// <summary>
/// Knows how long each tool usually takes, to tell which calls were slow. Usual is the median (p50) of the last 32 successful calls of that
/// tool: exact, 256 bytes a tool, and it follows a tool that becomes slower for good. The tools remembered are bounded too.
/// For one thread.
/// </summary>
internal sealed class ToolPaces
{
    /// <summary>Tools remembered at once; of more, the one not called for longest goes.</summary>
    private const int MaxTools = 1000;

    /// <summary>Calls without which nothing is usual yet.</summary>
    private const int MinCalls = 5;

    private const int Window = 32;

    /// <summary>So many times the usual is slow.</summary>
    private const double SlowFactor = 3;

    /// <summary>What nobody notices is not slow, whatever the factor.</summary>
    private static readonly TimeSpan s_floor = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, Pace> _tools = new(StringComparer.Ordinal);
    private long _calls;

    /// <summary>Judges a call by those before it, and remembers it.</summary>
    /// <returns>How many times its usual time the call took, if that is slow; else null.</returns>
    public double? Judge(string tool, TimeSpan time, bool isSuccess)
    {
        if (!_tools.TryGetValue(tool, out var pace))
        {
            MakeRoom();
            _tools[tool] = pace = new Pace();
        }

        pace.LastCall = ++_calls;
        var usual = pace.Median();
        if (isSuccess)
        {
            pace.Add(time.Ticks);
        }

        return usual is > 0 and { } ticks && time >= s_floor && time.Ticks > SlowFactor * ticks ? time.Ticks / (double)ticks : null;
    }

    private void MakeRoom()
    {
        if (_tools.Count >= MaxTools)
        {
            _tools.Remove(_tools.MinBy(tool => tool.Value.LastCall).Key);
        }
    }

    private sealed class Pace
    {
        private readonly long[] _last = new long[Window];
        private int _next;
        private int _count;

        public long LastCall { get; set; }

        public void Add(long ticks)
        {
            _last[_next] = ticks;
            _next = (_next + 1) % Window;
            _count = Math.Min(_count + 1, Window);
        }

        public long? Median()
        {
            if (_count < MinCalls)
            {
                return null;
            }

            Span<long> sorted = stackalloc long[_count];
            _last.AsSpan(0, sorted.Length).CopyTo(sorted);
            sorted.Sort();
            return sorted[sorted.Length / 2];
        }
    }
}
