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

    /// <summary>Nothing takes longer, and sums of what is below stay numbers.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(366);

    /// <summary>A PiB, which nothing has either.</summary>
    private const long MaxBytes = 1L << 50;

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

        problem = HasSoundNumbers(one) ? null : "it has a time or a size below 0, or one that nothing has";
        return problem is null ? new EventLine(id) { Event = one } : null;
    }

    private static bool HasSoundNumbers(McpEvent one) =>
        IsBelow((long)s_longest.TotalMilliseconds, one.LatencyMs, one.UpstreamMs)
        && IsBelow(MaxBytes, one.BytesIn, one.BytesOut)
        && (
            one.TimingUs is not { } timing
            || IsBelow(
                (long)s_longest.TotalMicroseconds,
                timing.Total,
                timing.Read,
                timing.Wait,
                timing.Upstream,
                timing.Rewrite,
                timing.Edge,
                timing.Hold,
                timing.Tunnel
            )
        );

    private static bool IsBelow(long limit, params ReadOnlySpan<long?> numbers)
    {
        foreach (var number in numbers)
        {
            if (number < 0 || number >= limit)
            {
                return false;
            }
        }

        return true;
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
