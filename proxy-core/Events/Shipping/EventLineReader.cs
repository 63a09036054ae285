using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Events.Shipping;

/// <summary>Reads a line as <see cref="EventLine"/> shows it, from anybody who has a token: what it gives can be stored.</summary>
public static class EventLineReader
{
    private const int MaxName = 256;

    private const int MaxType = 64;

    /// <summary>As the event stream writes times, with a fraction of any length (RFC 3339).</summary>
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <param name="text">The line, without its end.</param>
    /// <param name="line">What it says.</param>
    /// <param name="problem">Otherwise what is wrong with it, for people; it quotes nothing of the line.</param>
    public static bool TryRead(ReadOnlySpan<byte> text, [NotNullWhen(true)] out EventLine? line, [NotNullWhen(false)] out string? problem)
    {
        line = null;
        if (!TryRead(text, EventLineJson.Default.EventLineHead, out var head, out problem))
        {
            return false;
        }

        problem =
            head.Id == Guid.Empty ? "it has no id"
            : head.Type is not { Length: > 0 and <= MaxType } ? "it has no type"
            : TimeOf(head.Ts) is null ? "it has no ts that is a time"
            : text.Length > EventLine.MaxEventBytes && head.Type != EventLine.ToolSchemasType ? "it is too long"
            : null;
        if (problem is not null)
        {
            return false;
        }

        line = head.Type switch
        {
            EventLine.ToolSchemasType => ReadTools(text, head.Id, out problem),
            EventTypes.EventsDropped => ReadDropped(text, head.Id, out problem),
            _ => ReadEvent(text, head.Id, out problem),
        };
        return line is not null;
    }

    private static EventLine? ReadEvent(ReadOnlySpan<byte> text, Guid id, out string? problem)
    {
        if (!TryRead(text, EventJson.Default.McpEvent, out var one, out problem))
        {
            return null;
        }

        if (
            one is { LatencyMs: < 0 } or { UpstreamMs: < 0 } or { BytesIn: < 0 } or { BytesOut: < 0 }
            || one.TimingUs is { Total: < 0 } or { Read: < 0 } or { Wait: < 0 } or { Upstream: < 0 }
        )
        {
            problem = "it has a time or a size below 0";
            return null;
        }

        return new EventLine(id) { Event = one };
    }

    private static EventLine? ReadDropped(ReadOnlySpan<byte> text, Guid id, out string? problem)
    {
        if (!TryRead(text, EventJson.Default.DroppedEvents, out var dropped, out problem))
        {
            return null;
        }

        problem = dropped.Count > 0 ? null : "its count is not above 0";
        return problem is null ? new EventLine(id) { Dropped = dropped } : null;
    }

    private static EventLine? ReadTools(ReadOnlySpan<byte> text, Guid id, out string? problem)
    {
        if (!TryRead(text, EventLineJson.Default.ToolSchemas, out var schemas, out problem))
        {
            return null;
        }

        problem =
            schemas.Server is not { Length: > 0 and <= MaxName } ? "it has no server"
            : schemas.Tools is null || schemas.Tools.Any(tool => !IsSound(tool)) ? "it has a tool that is none"
            : schemas.Tools.Count > ToolListReader.MaxTools ? "it has too many tools"
            : null;
        return problem is null
            ? new EventLine(id) { Tools = new ToolListing(schemas.Server!, TimeOf(schemas.Ts)!.Value, schemas.Complete, schemas.Tools!) }
            : null;
    }

    private static bool IsSound(ToolDefinition? tool) =>
        tool is { Name.Length: > 0 and <= ToolListReader.MaxName, Json.Length: > 0 and <= ToolListReader.MaxDefinition }
        && tool.Hash == ToolDefinition.HashOf(tool.Json)
        && IsObject(tool.Json);

    private static bool IsObject(string json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static DateTimeOffset? TimeOf(string? text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
        && time >= DateTimeOffset.UnixEpoch
            ? time
            : null;

    private static bool TryRead<T>(
        ReadOnlySpan<byte> text,
        JsonTypeInfo<T> type,
        [NotNullWhen(true)] out T? value,
        [NotNullWhen(false)] out string? problem
    )
        where T : class
    {
        try
        {
            value = JsonSerializer.Deserialize(text, type);
            problem = value is null ? "it is no JSON object" : null;
        }
        catch (JsonException)
        {
            (value, problem) = (null, "it is no JSON object with the fields of an event");
        }

        return value is not null;
    }
}
