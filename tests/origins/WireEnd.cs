namespace Tunnel.Tests.Origins;

/// <summary>How a body ended on the wire.</summary>
public enum WireEnd
{
    /// <summary>All of it came, as its framing announced.</summary>
    Complete,

    /// <summary>The connection was closed before the end.</summary>
    Truncated,

    /// <summary>The connection was reset before the end.</summary>
    Reset,
}
