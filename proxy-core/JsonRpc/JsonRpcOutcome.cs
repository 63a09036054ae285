namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>How a JSON-RPC exchange ended, as far as its response tells: the HTTP status is 200 for most failures.</summary>
/// <param name="ErrorCode">The <c>error.code</c>, or null when there was no error response; 0 where the error had no code.</param>
/// <param name="ErrorMessage">The <c>error.message</c>, cut to a readable length.</param>
/// <param name="IsToolError">Whether the result said <c>isError: true</c>, which is how MCP tools fail.</param>
public sealed record JsonRpcOutcome(int? ErrorCode, string? ErrorMessage, bool IsToolError);
