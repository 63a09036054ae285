using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.History;

/// <summary>
/// Reads <c>{"result":{"tools":[{"name":"search","inputSchema":{…}}],"nextCursor":"2"}}</c>, alone or in the data of an event stream, for what servers promise of
/// their tools. Members are put in order, so that the same promise is the same text; <c>_meta</c> is left out, since it has addresses of whoever asked.
/// </summary>
public static class ToolListReader
{
    /// <summary>More than that is no description any more; such a tool is left out.</summary>
    internal const int MaxDefinition = 64 * 1024;

    /// <summary>Characters of an answer. What is coded can be a thousand times as long as what was kept of it.</summary>
    private const int MaxText = 4 << 20;

    internal const int MaxTools = 1_000;

    internal const int MaxName = 256;

    private static readonly string[] s_members =
    [
        "name",
        "title",
        "description",
        "inputSchema",
        "outputSchema",
        "annotations",
        "execution",
    ];

    /// <returns>Null where the answer has no tools, or cannot be read.</returns>
    public static ToolListing? Read(ToolListAnswer answer)
    {
        try
        {
            using var body = new MemoryStream(answer.Body.ToArray());
            using var decoded = ContentDecoding.Decode(body, answer.ContentEncoding ?? string.Empty) ?? body;
            if (TextOf(decoded) is not { } text)
            {
                return null;
            }

            var result = MessagesOf(text, answer.ContentType)
                .Select(message => JsonNode.Parse(message) as JsonObject)
                .Select(message => message?["result"] as JsonObject)
                .FirstOrDefault(one => one?["tools"] is JsonArray);
            return result is null ? null : ListingOf(answer, result);
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or InvalidDataException or ArgumentException)
        {
            // What a server writes wrongly, or was cut, tells nothing.
            return null;
        }
    }

    /// <returns>Null where it is too long.</returns>
    private static string? TextOf(Stream decoded)
    {
        using var reader = new StreamReader(decoded, Encoding.UTF8);
        var text = new StringBuilder();
        var piece = new char[8192];
        while (reader.Read(piece) is > 0 and var count)
        {
            if (text.Append(piece, 0, count).Length > MaxText)
            {
                return null;
            }
        }

        return text.ToString();
    }

    private static ToolListing ListingOf(ToolListAnswer answer, JsonObject result)
    {
        var tools = result["tools"]!.AsArray();
        var asksFurther = JsonNode.Parse(answer.Request.Span)?["params"]?["cursor"] is not null;
        return new ToolListing(
            answer.Server,
            answer.At,
            IsComplete: !asksFurther && result["nextCursor"] is null && tools.Count <= MaxTools,
            [.. tools.Take(MaxTools).OfType<JsonObject>().Select(DefinitionOf).OfType<ToolDefinition>()]
        );
    }

    private static ToolDefinition? DefinitionOf(JsonObject tool)
    {
        if (tool["name"] is not JsonValue value || !value.TryGetValue<string>(out var name) || name.Length is 0 or > MaxName)
        {
            return null;
        }

        var kept = new JsonObject();
        foreach (var member in s_members)
        {
            if (tool[member] is { } there)
            {
                kept[member] = InOrder(there);
            }
        }

        var json = kept.ToJsonString();
        return json.Length > MaxDefinition ? null : new ToolDefinition(name, ToolDefinition.HashOf(json), json);
    }

    private static JsonNode? InOrder(JsonNode? node) =>
        node switch
        {
            JsonObject members => new JsonObject(
                members
                    .OrderBy(member => member.Key, StringComparer.Ordinal)
                    .Select(member => KeyValuePair.Create(member.Key, InOrder(member.Value)))
            ),
            JsonArray items => new JsonArray([.. items.Select(InOrder)]),
            _ => node?.DeepClone(),
        };

    private static IEnumerable<string> MessagesOf(string text, string? contentType)
    {
        if (contentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) != true)
        {
            return [text];
        }

        return SseParser
            .Create(new MemoryStream(Encoding.UTF8.GetBytes(text)))
            .Enumerate()
            .Select(one => one.Data)
            .Where(data => data.AsSpan().TrimStart().StartsWith("{"));
    }
}
