using System.Text.Json;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>A resource in a message: of a list, read, or embedded in a tool's result.</summary>
/// <param name="Place">The object that describes it.</param>
/// <param name="Uri">Its URI, or the template of its URIs.</param>
/// <param name="MimeType">Null where it has none.</param>
/// <param name="Kind">Where in the message it stands.</param>
internal sealed record WidgetEntry(JsonPlace Place, string Uri, string? MimeType, WidgetEntryKind Kind)
{
    /// <summary>
    /// Whether a host would render it: <c>text/html;profile=mcp-app</c>, ChatGPT's older <c>text/html+skybridge</c>, or plain HTML under
    /// the scheme that is for nothing else.
    /// </summary>
    public bool IsWidget => Uri.StartsWith("ui://", StringComparison.OrdinalIgnoreCase) && IsHtml;

    public bool IsHtml => MimeType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Finds resources by where they stand, since on a GET stream nothing else tells what a message answers.</summary>
    /// <param name="message">A JSON-RPC message, or a batch.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static List<WidgetEntry> Find(ReadOnlySpan<byte> message)
    {
        List<WidgetEntry> found = [];
        if (!WidgetMarkers.AreIn(message))
        {
            return found;
        }

        var root = JsonPlace.Root(message);
        foreach (var one in root.IsArray ? root.Items(message) : [root])
        {
            if (one.Member(message, "result"u8) is { IsObject: true } result)
            {
                FindInResult(message, result, found);
                // A finished task carries the result of its call.
                if (result.Member(message, "result"u8) is { IsObject: true } finished)
                {
                    FindInResult(message, finished, found);
                }
            }
        }

        return found;
    }

    private static void FindInResult(ReadOnlySpan<byte> message, JsonPlace result, List<WidgetEntry> found)
    {
        foreach (var member in result.Members(message))
        {
            var kind =
                member.IsNamed(message, "contents"u8) ? WidgetEntryKind.Read
                : member.IsNamed(message, "resources"u8) ? WidgetEntryKind.Listed
                : member.IsNamed(message, "resourceTemplates"u8) ? WidgetEntryKind.Template
                : member.IsNamed(message, "content"u8) ? WidgetEntryKind.Embedded
                : (WidgetEntryKind?)null;
            foreach (var item in kind is null ? [] : member.Value.Items(message))
            {
                var place = kind == WidgetEntryKind.Embedded ? item.Member(message, "resource"u8) : item;
                if (place is { IsObject: true } described && Read(message, described, kind!.Value) is { } entry)
                {
                    found.Add(entry);
                }
            }
        }
    }

    private static WidgetEntry? Read(ReadOnlySpan<byte> message, JsonPlace place, WidgetEntryKind kind)
    {
        var uri = place.Member(message, kind == WidgetEntryKind.Template ? "uriTemplate"u8 : "uri"u8)?.Text(message);
        return uri is null ? null : new WidgetEntry(place, uri, place.Member(message, "mimeType"u8)?.Text(message), kind);
    }
}

/// <summary>Where in a message a resource stands.</summary>
internal enum WidgetEntryKind
{
    /// <summary>In the answer to resources/list.</summary>
    Listed,

    /// <summary>In the answer to resources/templates/list.</summary>
    Template,

    /// <summary>In the answer to resources/read.</summary>
    Read,

    /// <summary>In the content of a tool's result.</summary>
    Embedded,
}
