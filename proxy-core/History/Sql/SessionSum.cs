using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>What a batch has of one session. Times are milliseconds since 1970.</summary>
public sealed class SessionSum
{
    public long First { get; set; } = long.MaxValue;

    public long Last { get; set; }

    public long Requests { get; set; }

    public long Calls { get; set; }

    public long Errors { get; set; }

    public long? EndedAt { get; set; }

    public string? Reason { get; set; }

    /// <summary>The event that says who it is.</summary>
    public McpEvent? Identity { get; set; }
}
