using System.Diagnostics.Metrics;
using Tunnel.ProxyCore.Telemetry;

namespace Tunnel.ProxyCore.Bridge;

/// <summary>What the bridge counts, above all what it had to drop.</summary>
internal sealed class BridgeMetrics
{
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _exits;

    public BridgeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(McpTelemetry.MeterName);
        _dropped = meter.CreateCounter<long>("mcpr.bridge.dropped", "{item}", "What the bridge could not pass on, by reason");
        _exits = meter.CreateCounter<long>("mcpr.bridge.process.exits", "{process}", "Server processes that ended without being asked to");
        Processes = new LiveCount(meter, "mcpr.bridge.processes", "{process}", "Server processes that run");
        Sessions = new LiveCount(meter, "mcpr.bridge.sessions", "{session}", "Sessions of clients");
    }

    public LiveCount Processes { get; }

    public LiveCount Sessions { get; }

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

/// <summary>How many there are of something, told to whoever asks: an instrument that is listened to late has not missed anything.</summary>
internal sealed class LiveCount
{
    private long _count;

    public LiveCount(Meter meter, string name, string unit, string description)
    {
        meter.CreateObservableUpDownCounter(name, () => Interlocked.Read(ref _count), unit, description);
    }

    public void Add(int change) => Interlocked.Add(ref _count, change);
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
