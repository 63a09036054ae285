namespace Tunnel.ProxyCore.Telemetry.Prometheus;

/// <summary>How the values of an instrument add up.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down; what is recorded are changes.</summary>
    UpDown,

    /// <summary>What is recorded is the value itself.</summary>
    Gauge,

    /// <summary>How many values were at most so large, for some bounds.</summary>
    Histogram,
}
