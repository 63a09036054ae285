using System.Globalization;
using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Events;

/// <summary>
/// One line of the event stream. There is no field that could hold parameters, results, bodies or header values.
/// Fields that are not known are null, and null fields are written only where consumers expect the key: docs/events.md is the text.
/// </summary>
public sealed record McpEvent
{
    /// <summary>When the exchange began or the thing happened, in UTC (RFC 3339, milliseconds).</summary>
    public required string Ts { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The MCP method; of other exchanges the HTTP method.</summary>
    public string? Method { get; init; }

    public string? Tool { get; init; }

    /// <summary>The server's name, or without one the address it is reached at; null where the exchange was for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Server { get; init; }

    public string? Session { get; init; }

    /// <summary>The person where the host tells, hashed.</summary>
    public string? User { get; init; }

    /// <summary>From the request's headers to the end of the response; null where there was no exchange.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? LatencyMs { get; init; }

    /// <summary><c>ok</c>, <c>error</c> (HTTP or JSON-RPC) or <c>tool_error</c> (a result with isError).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Status { get; init; }

    /// <summary>The JSON-RPC error code, or the code of our own error, or the HTTP status of a failure.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorCode { get; init; }

    /// <summary>The JSON-RPC error message as <see cref="Exchanges.ErrorPattern"/> leaves it: without numbers, ids and quoted text.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ErrorMessage { get; init; }

    /// <summary>Why a session ended that its client did not end: <c>idle</c> or <c>evicted</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>The server's origin; null where a call was turned away before, or a folder of widgets answered.</summary>
    public string? Upstream { get; init; }

    /// <summary>The path of a widget page, without its query.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RequestId { get; init; }

    /// <summary>How many messages came in the same batch; null outside of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Batch { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Client { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ProtocolVersion { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? HttpStatus { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? UpstreamMs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? OverheadMs { get; init; }

    /// <summary>The same and its parts, in finer grain.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public EventTiming? TimingUs { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesIn { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BytesOut { get; init; }

    /// <summary>Whether what widgets may load was changed in the response; null where there was no exchange.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? CspApplied { get; init; }

    /// <summary>The origin that a widget's policy has stopped, or a word such as inline.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? BlockedUri { get; init; }

    /// <summary>The directive of the policy that has.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Directive { get; init; }

    /// <summary>The URI of the widget, or the path of its page.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Widget { get; init; }

    /// <summary>A line of mcpr.toml that would allow it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fix { get; init; }

    /// <summary>A time as <see cref="Ts"/> has it.</summary>
    public static string Timestamp(DateTimeOffset time)
    {
        // 2026-11-22T09:00:00.1234567Z: the platform has no faster way than this format of its own, which has four digits too many.
        Span<char> text = stackalloc char["2026-11-22T09:00:00.1234567Z".Length];
        time.UtcDateTime.TryFormat(text, out _, "O", CultureInfo.InvariantCulture);
        const int length = 24;
        text[length - 1] = 'Z';
        return new string(text[..length]);
    }
}

/// <summary>The JSON of the event stream, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(McpEvent))]
[JsonSerializable(typeof(DroppedEvents))]
public sealed partial class EventJson : JsonSerializerContext;
