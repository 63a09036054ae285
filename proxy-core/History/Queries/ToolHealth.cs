namespace Tunnel.ProxyCore.History.Queries;

/// <summary>What to think of a tool at a glance.</summary>
public enum ToolHealth
{
    Ok,

    /// <summary>Much slower than in the range before.</summary>
    Slow,

    /// <summary>At least 5 % of its calls fail.</summary>
    Degraded,

    /// <summary>At least half of its calls fail.</summary>
    Down,

    /// <summary>Listed by its server, and not called in the range.</summary>
    Unused,
}
