namespace Tunnel.Connector.Logging;

/// <summary>The values of <c>log.level</c>: from which severity on lines are written.</summary>
internal enum LogDetail
{
    Off,
    Error,
    Warning,
    Info,

    /// <summary>Also where exceptions came from.</summary>
    Debug,
}
