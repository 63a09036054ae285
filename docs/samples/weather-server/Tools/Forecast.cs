using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer.Tools;

/// <summary>A tool that takes its time, and says so as it goes.</summary>
internal sealed class Forecast(TimeProvider timeProvider) : ITool
{
    private const int Days = 5;

    private static readonly TimeSpan s_timePerDay = TimeSpan.FromMilliseconds(200);

    public string Name => "forecast";

    public JsonNode Definition =>
        JsonNode.Parse(
            """
            {
              "name": "forecast",
              "description": "The weather in a city for the next five days. Takes about a second and reports progress.",
              "inputSchema": {
                "type": "object",
                "properties": { "city": { "type": "string", "description": "Name of the city" } },
                "required": ["city"]
              },
              "annotations": { "readOnlyHint": true }
            }
            """
        )!;

    public async Task<Outcome> CallAsync(JsonElement arguments, Progress progress, CancellationToken cancellationToken)
    {
        if (arguments.Text("city") is not { Length: > 0 } city)
        {
            return Failure.InvalidParams("city is required");
        }

        var days = new List<Weather>();
        for (var day = 1; day <= Days; day++)
        {
            await Task.Delay(s_timePerDay, timeProvider, cancellationToken);
            days.Add(Weather.In(city, day));
            await progress.ReportAsync(day, Days, days[^1].Summary, cancellationToken);
        }

        var text = string.Join('\n', days.Select((weather, index) => $"Day {index + 1}: {weather.Sky}, {weather.Celsius} °C"));
        var structured = new JsonObject { ["days"] = new JsonArray([.. days.Select(weather => weather.ToJson())]) };
        return ToolResult.Of(text, structured);
    }
}
