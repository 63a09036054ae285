using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer.Tools;

internal sealed class GetWeather : ITool
{
    public string Name => "get_weather";

    public JsonNode Definition =>
        JsonNode.Parse(
            """
            {
              "name": "get_weather",
              "description": "The weather in a city right now.",
              "inputSchema": {
                "type": "object",
                "properties": { "city": { "type": "string", "description": "Name of the city" } },
                "required": ["city"]
              },
              "outputSchema": {
                "type": "object",
                "properties": {
                  "city": { "type": "string" },
                  "celsius": { "type": "integer" },
                  "sky": { "type": "string" }
                },
                "required": ["city", "celsius", "sky"]
              },
              "annotations": { "readOnlyHint": true }
            }
            """
        )!;

    public Task<Outcome> CallAsync(JsonElement arguments, Progress progress, CancellationToken cancellationToken)
    {
        if (arguments.Text("city") is not { Length: > 0 } city)
        {
            return Task.FromResult<Outcome>(Failure.InvalidParams("city is required"));
        }

        var weather = Weather.In(city);
        return Task.FromResult<Outcome>(ToolResult.Of(weather.Summary, weather.ToJson()));
    }
}
