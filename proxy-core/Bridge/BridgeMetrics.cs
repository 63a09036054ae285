using System.Diagnostics.Metrics;

namespace Tunnel.ProxyCore.Bridge;

/// <summary>What the bridge counts, above all what it had to drop.</summary>
internal sealed class BridgeMetrics
{
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _exits;

    public BridgeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("Tunnel.ProxyCore.Bridge");
        _dropped = meter.CreateCounter<long>("mcpr.bridge.dropped", "{item}", "What the bridge could not pass on, by reason");
        _exits = meter.CreateCounter<long>("mcpr.bridge.process.exits", "{process}", "Server processes that ended without being asked to");
        Processes = meter.CreateUpDownCounter<long>("mcpr.bridge.processes", "{process}", "Server processes that run");
        Sessions = meter.CreateUpDownCounter<long>("mcpr.bridge.sessions", "{session}", "Sessions of clients");
    }

    public UpDownCounter<long> Processes { get; }

    public UpDownCounter<long> Sessions { get; }

    public void Dropped(Dropped what, long count = 1) => _dropped.Add(count, new KeyValuePair<string, object?>("reason", NameOf(what)));

    public void Exited() => _exits.Add(1);

    private static string NameOf(Dropped what) =>
        what switch
        {
            Bridge.Dropped.Noise => "noise",
            Bridge.Dropped.TooLong => "too_long",
            Bridge.Dropped.Unmatched => "unmatched",
            Bridge.Dropped.Event => "event",
            Bridge.Dropped.StalledCaller => "stalled_caller",
            _ => "session",
        };
}

/// <summary>What can get lost.</summary>
internal enum Dropped
{
    /// <summary>A line of standard output that is no message.</summary>
    Noise,

    /// <summary>A line that was longer than the limit.</summary>
    TooLong,

    /// <summary>A message about a request that is over, or that there never was.</summary>
    Unmatched,

    /// <summary>An event that nobody read in time.</summary>
    Event,

    /// <summary>An event stream whose client did not read.</summary>
    StalledCaller,

    /// <summary>A session that had to make room for another.</summary>
    Session,
}
