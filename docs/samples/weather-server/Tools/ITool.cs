using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer.Tools;

internal interface ITool
{
    string Name { get; }

    /// <summary>The entry in <c>tools/list</c>.</summary>
    JsonNode Definition { get; }

    Task<Outcome> CallAsync(JsonElement arguments, Progress progress, CancellationToken cancellationToken);
}
