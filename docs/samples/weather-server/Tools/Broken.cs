using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer.Tools;

/// <summary>A tool that always fails, to see what a failure looks like.</summary>
internal sealed class Broken : ITool
{
    public string Name => "broken";

    public JsonNode Definition =>
        JsonNode.Parse(
            """
            {
              "name": "broken",
              "description": "Asks a weather station that never answers, so this always fails.",
              "inputSchema": { "type": "object" }
            }
            """
        )!;

    public Task<Outcome> CallAsync(JsonElement arguments, Progress progress, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome>(ToolResult.Failed("The weather station does not answer."));
}
