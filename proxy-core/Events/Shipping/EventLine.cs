using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Events.Shipping;

/// <summary>
/// A line of what connectors send to a team's relay. One of its parts is set:
/// <code>
/// {"id":"019…","ts":"2026-04-02T10:15:30.142Z","type":"tool_call","method":"tools/call",…}
/// {"id":"019…","ts":"2026-04-02T10:15:31.000Z","type":"events_dropped","count":12}
/// {"id":"019…","ts":"2026-04-02T10:15:31.000Z","type":"tool_schemas","server":"files","complete":true,"tools":[{"name":…,"hash":…,"json":…}]}
/// </code>
/// Like events it has no field that could hold parameters, results or bodies, and what somebody else puts into a line beside its fields is not read.
/// </summary>
/// <param name="Id">Made once, when it happened (UUID version 7): the same line a second time changes nothing.</param>
public sealed record EventLine(Guid Id)
{
    /// <summary>The type of a line with <see cref="Tools"/>; the other types are those of the event stream.</summary>
    public const string ToolSchemasType = "tool_schemas";

    /// <summary>Bytes of a line that is no list of tools. A call in full takes about 700.</summary>
    public const int MaxEventBytes = 64 * 1024;

    /// <summary>What happened.</summary>
    public McpEvent? Event { get; init; }

    /// <summary>Events that were lost before they could be sent.</summary>
    public DroppedEvents? Dropped { get; init; }

    /// <summary>What a server said of its tools.</summary>
    public ToolListing? Tools { get; init; }
}
