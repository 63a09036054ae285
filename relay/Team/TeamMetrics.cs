using System.Diagnostics.Metrics;

namespace Tunnel.Relay.Team;

/// <summary>What the team part counts. Not by project: there may be a thousand of them.</summary>
internal sealed class TeamMetrics
{
    /// <summary>In seconds: a batch takes some ten milliseconds, and a connector waits for a minute at most.</summary>
    private static readonly InstrumentAdvice<double> s_seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60],
    };

    private readonly Counter<long> _batches;
    private readonly Counter<long> _events;
    private readonly Histogram<double> _writing;

    public TeamMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(RelayMetrics.MeterName);
        _batches = meter.CreateCounter<long>(
            "mcpr.relay.team.batches",
            "{batch}",
            "Batches of events that connectors sent, by how that ended"
        );
        _events = meter.CreateCounter<long>(
            "mcpr.relay.team.events",
            "{event}",
            "Events in batches that were taken: new ones, and those that were known"
        );
        _writing = meter.CreateHistogram(
            "mcpr.relay.team.write.duration",
            "s",
            "How long writing a batch took, with waiting for its turn",
            tags: null,
            s_seconds
        );
    }

    public void Taken(int isNew, int known, TimeSpan writing)
    {
        Ended("taken");
        _events.Add(isNew, new KeyValuePair<string, object?>("state", "new"));
        _events.Add(known, new KeyValuePair<string, object?>("state", "known"));
        _writing.Record(writing.TotalSeconds);
    }

    /// <param name="outcome">One of few words.</param>
    public void Ended(string outcome) => _batches.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
