using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer;

/// <summary>Tells the client how far a call has come, if its request carried a <c>progressToken</c>.</summary>
internal sealed class Progress(JsonRpcMessage request, Func<string, CancellationToken, Task> notify)
{
    private readonly JsonElement? _token = request.Params.Member("_meta")?.Member("progressToken");

    public Task ReportAsync(int done, int total, string message, CancellationToken cancellationToken)
    {
        if (_token is null)
        {
            return Task.CompletedTask;
        }

        var parameters = new JsonObject
        {
            ["progressToken"] = JsonValue.Create(_token.Value),
            ["progress"] = done,
            ["total"] = total,
            ["message"] = message,
        };
        return notify(JsonRpc.Notification("notifications/progress", parameters), cancellationToken);
    }
}
