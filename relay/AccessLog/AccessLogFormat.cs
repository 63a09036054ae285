namespace Tunnel.Relay.AccessLog;

/// <summary>How requests of visitors are written down.</summary>
internal enum AccessLogFormat
{
    Off,

    /// <summary>A line of <c>name=value</c> pairs for each.</summary>
    Text,

    /// <summary>A JSON object on a line for each.</summary>
    Json,
}
