using System.Text.Json.Nodes;

namespace WeatherServer.Tools;

/// <summary>Results of <c>tools/call</c>.</summary>
internal static class ToolResult
{
    /// <summary>Text for the model to read, and the same as data.</summary>
    public static Success Of(string text, JsonObject structuredContent) =>
        new(new JsonObject { ["content"] = Content(text), ["structuredContent"] = structuredContent });

    /// <summary>The tool ran and failed. That is news for the model, not an error of the protocol.</summary>
    public static Success Failed(string text) => new(new JsonObject { ["content"] = Content(text), ["isError"] = true });

    private static JsonArray Content(string text) => [new JsonObject { ["type"] = "text", ["text"] = text }];
}
