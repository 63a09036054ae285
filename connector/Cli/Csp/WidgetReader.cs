using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Connector.Cli.Csp;

/// <summary>A widget as its server describes it.</summary>
/// <param name="Uri">Its URI.</param>
/// <param name="MimeType">What was read has this type.</param>
/// <param name="Listed">The <c>_meta</c> of the list of resources.</param>
/// <param name="Read">The <c>_meta</c> of what was read.</param>
internal sealed record DescribedWidget(string Uri, string? MimeType, JsonElement? Listed, JsonElement? Read);

/// <summary>Finds the widgets of an MCP server: those of its list of resources, and those that only its tools name.</summary>
internal sealed class WidgetReader(McpReader server)
{
    /// <summary>Pages of a list that are asked for.</summary>
    private const int MaxPages = 20;

    /// <summary>Widgets that are read.</summary>
    private const int MaxWidgets = 50;

    /// <exception cref="McpReaderException">The server does not answer as it should.</exception>
    public async Task<IReadOnlyList<DescribedWidget>> ReadAsync(string? only, CancellationToken cancellationToken)
    {
        var listed = new Dictionary<string, JsonElement?>(StringComparer.Ordinal);
        foreach (var resource in await ListAsync("resources/list", "resources", cancellationToken))
        {
            if (TextOf(resource, "uri") is { } uri && (uri == only || IsWidget(uri)))
            {
                listed[uri] = Find(resource, "_meta");
            }
        }

        foreach (var tool in await ListAsync("tools/list", "tools", cancellationToken))
        {
            var meta = Find(tool, "_meta");
            foreach (
                var uri in new[]
                {
                    TextOf(Find(meta, "ui"), "resourceUri"),
                    TextOf(meta, "ui/resourceUri"),
                    TextOf(meta, "openai/outputTemplate"),
                }
            )
            {
                if (uri is not null)
                {
                    listed.TryAdd(uri, null);
                }
            }
        }

        List<DescribedWidget> widgets = [];
        foreach (var uri in only is null ? listed.Keys.Take(MaxWidgets) : [only])
        {
            var answer = await server.AskAsync("resources/read", new JsonObject { ["uri"] = uri }, cancellationToken);
            var contents = Find(answer, "contents") is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray().ToArray() : [];
            var content = contents.FirstOrDefault(item => TextOf(item, "uri") == uri, contents.FirstOrDefault());
            widgets.Add(new DescribedWidget(uri, TextOf(content, "mimeType"), listed.GetValueOrDefault(uri), Find(content, "_meta")));
        }

        return widgets;
    }

    private static bool IsWidget(string uri) => uri.StartsWith("ui://", StringComparison.OrdinalIgnoreCase);

    private async Task<List<JsonElement>> ListAsync(string method, string name, CancellationToken cancellationToken)
    {
        List<JsonElement> all = [];
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            JsonElement answer;
            try
            {
                answer = await server.AskAsync(method, cursor is null ? [] : new JsonObject { ["cursor"] = cursor }, cancellationToken);
            }
            catch (McpReaderException refused) when (refused.IsAnswer)
            {
                // A server without tools, or without a list of resources, says that it does not know the method.
                break;
            }

            if (Find(answer, name) is { ValueKind: JsonValueKind.Array } items)
            {
                all.AddRange(items.EnumerateArray());
            }

            cursor = TextOf(answer, "nextCursor");
            if (cursor is null)
            {
                break;
            }
        }

        return all;
    }

    private static JsonElement? Find(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } owner && owner.TryGetProperty(name, out var found) ? found : null;

    private static string? TextOf(JsonElement? parent, string name) =>
        Find(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
}
