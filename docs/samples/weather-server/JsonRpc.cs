using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer;

/// <summary>What a request led to.</summary>
internal abstract record Outcome;

internal sealed record Success(JsonObject Result) : Outcome;

internal sealed record Failure(int Code, string Message, JsonNode? Data = null) : Outcome
{
    public static Failure InvalidParams(string why) => new(JsonRpc.InvalidParams, "Invalid params", new JsonObject { ["reason"] = why });
}

/// <summary>One message from the client: a request, a notification (no id) or a response (no method).</summary>
internal sealed record JsonRpcMessage(JsonElement? Id, string? Method, JsonElement Params)
{
    public bool IsRequest => Id is not null && Method is not null;

    /// <summary>Null if this is no JSON-RPC message. Batches are none since revision 2025-06-18.</summary>
    public static JsonRpcMessage? From(JsonElement json)
    {
        var message = new JsonRpcMessage(json.Member("id"), json.Text("method"), json.Member("params") ?? default);
        var hasValidId = message.Id is null or { ValueKind: JsonValueKind.String or JsonValueKind.Number };
        var hasContent = message.Method is not null || json.Member("result") is not null || json.Member("error") is not null;
        return json.Text("jsonrpc") == "2.0" && hasValidId && hasContent ? message : null;
    }
}

/// <summary>JSON-RPC 2.0 as text.</summary>
internal static class JsonRpc
{
    public const int ParseError = -32700;
    public const int InvalidRequest = -32600;
    public const int MethodNotFound = -32601;
    public const int InvalidParams = -32602;

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The id is returned as the client wrote it: <c>1</c>, <c>1.0</c> and <c>"1"</c> are three ids.</summary>
    public static string Response(JsonElement? id, Outcome outcome)
    {
        var (member, value) = outcome switch
        {
            Success success => ("result", success.Result),
            Failure failure => ("error", ErrorObject(failure)),
            _ => throw new InvalidOperationException($"{outcome} is neither a success nor a failure"),
        };
        return $$"""{"jsonrpc":"2.0","id":{{id?.GetRawText() ?? "null"}},"{{member}}":{{value.ToJsonString(s_readable)}}}""";
    }

    public static string Notification(string method, JsonObject parameters) =>
        $$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters.ToJsonString(s_readable)}}}""";

    /// <summary>The member of this name, or null where there is none or the parent is no object.</summary>
    public static JsonElement? Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) ? value : null;

    /// <summary>The member of this name if it is a string.</summary>
    public static string? Text(this JsonElement parent, string name) =>
        parent.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static JsonArray ToJson(this IEnumerable<string> texts) => [.. texts];

    private static JsonObject ErrorObject(Failure failure)
    {
        var error = new JsonObject { ["code"] = failure.Code, ["message"] = failure.Message };
        if (failure.Data is not null)
        {
            error["data"] = failure.Data;
        }

        return error;
    }
}
