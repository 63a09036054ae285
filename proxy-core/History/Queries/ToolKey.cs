namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A tool of a server.</summary>
public readonly record struct ToolKey(string? Server, string Tool);
