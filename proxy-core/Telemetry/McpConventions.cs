using System.Collections.Frozen;

namespace Tunnel.ProxyCore.Telemetry;

/// <summary>
/// Names and values of OpenTelemetry's conventions for MCP (open-telemetry/semantic-conventions-genai, docs/gen-ai/mcp.md), as far as a
/// proxy can know them. Arguments and results, which are opt-in there, have no name here.
/// </summary>
internal static class McpConventions
{
    public const string Method = "mcp.method.name";
    public const string Session = "mcp.session.id";
    public const string ProtocolVersion = "mcp.protocol.version";
    public const string ResourceUri = "mcp.resource.uri";
    public const string RequestId = "jsonrpc.request.id";
    public const string ResponseCode = "rpc.response.status_code";
    public const string ErrorType = "error.type";
    public const string Tool = "gen_ai.tool.name";
    public const string Prompt = "gen_ai.prompt.name";
    public const string Operation = "gen_ai.operation.name";
    public const string ExecuteTool = "execute_tool";
    public const string Transport = "network.transport";
    public const string NetworkProtocol = "network.protocol.name";
    public const string NetworkVersion = "network.protocol.version";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ClientAddress = "client.address";

    /// <summary>What the conventions write for a value outside of a closed set.</summary>
    public const string Other = "_OTHER";

    // The list of the conventions, and what the revision of 2026-07-28 and the tasks of 2025-11-25 added.
    private static readonly FrozenSet<string> s_methods = new[]
    {
        "completion/complete",
        "elicitation/create",
        "initialize",
        "logging/setLevel",
        "notifications/cancelled",
        "notifications/elicitation/complete",
        "notifications/initialized",
        "notifications/message",
        "notifications/progress",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
        "notifications/roots/list_changed",
        "notifications/tasks/status",
        "notifications/tools/list_changed",
        "ping",
        "prompts/get",
        "prompts/list",
        "resources/list",
        "resources/read",
        "resources/subscribe",
        "resources/templates/list",
        "resources/unsubscribe",
        "roots/list",
        "sampling/createMessage",
        "server/discover",
        "subscriptions/listen",
        "tasks/cancel",
        "tasks/get",
        "tasks/list",
        "tasks/result",
        "tasks/update",
        "tools/call",
        "tools/list",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A method as metrics and span names have it: callers can make up any number of others.</summary>
    public static string MethodOf(string method) => s_methods.Contains(method) ? method : Other;

    /// <summary>The attribute that the name in a request belongs to, or null where it has none.</summary>
    public static string? NameAttributeOf(string method) =>
        method switch
        {
            "tools/call" => Tool,
            "prompts/get" => Prompt,
            _ => null,
        };
}
