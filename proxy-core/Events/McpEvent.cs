using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Events;

/// <summary>
/// One line of the event stream. There is no field that could hold parameters, results, bodies or header values.
/// Fields that are not known are null, and null fields are written only where consumers expect the key: docs/events.md is the text.
/// </summary>
public sealed record McpEvent
{
    /// <summary>When the exchange began, in UTC (RFC 3339, milliseconds).</summary>
    public required string Ts { get; init; }

    public required string Type { get; init; }

    /// <summary>The MCP method; of other exchanges the HTTP method.</summary>
    public required string Method { get; init; }

    public string? Tool { get; init; }

    public string? Session { get; init; }

    public string? User { get; init; }

    public required long LatencyMs { get; init; }

    /// <summary><c>ok</c>, <c>error</c> (HTTP or JSON-RPC) or <c>tool_error</c> (a result with isError).</summary>
    public required string Status { get; init; }

    /// <summary>The JSON-RPC error code, or the code of our own error, or the HTTP status of a failure.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorCode { get; init; }

    /// <summary>The server's origin; null where a call was turned away before.</summary>
    public required string? Upstream { get; init; }

    public required string RequestId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProtocolVersion { get; init; }

    public required int HttpStatus { get; init; }

    public required long UpstreamMs { get; init; }

    public required long OverheadMs { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }
}

/// <summary>The JSON of the event stream, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(McpEvent))]
[JsonSerializable(typeof(DroppedEvents))]
public sealed partial class EventJson : JsonSerializerContext;
