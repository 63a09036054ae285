namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A version of a tool's definition.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="Version">Counted from 1.</param>
/// <param name="Hash">Of the definition.</param>
/// <param name="Definition">The JSON.</param>
/// <param name="FirstAt">When it was listed first.</param>
/// <param name="LastAt">When it was listed last.</param>
/// <param name="IsListed">Whether the tool is in the newest list; null where no list was ever complete.</param>
public sealed record ToolVersion(
    ToolKey Tool,
    int Version,
    string Hash,
    string Definition,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    bool? IsListed
);
