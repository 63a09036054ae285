namespace Tunnel.Tests.Origins;

/// <summary>How a connection ended, seen from one side.</summary>
public enum ConnectionEnd
{
    /// <summary>The peer sent FIN: it will send no more.</summary>
    Closed,

    /// <summary>The peer sent RST.</summary>
    Reset,

    /// <summary>This side aborted it.</summary>
    AbortedHere,
}
