using System.Text.Json;

namespace Tunnel.Tests.Origins;

/// <summary>
/// What one call asks of the <see cref="JsonRpcOrigin"/>:
/// <c>{"jsonrpc":"2.0","id":1,"method":"m","params":{"token":"t","mode":"sse","events":3}}</c>.
/// </summary>
internal sealed record JsonRpcCall
{
    /// <summary>The id as it was written; null for a notification.</summary>
    public required string? IdText { get; init; }

    public required string Token { get; init; }

    public required string? Mode { get; init; }

    public required int Events { get; init; }

    /// <summary>Between two events.</summary>
    public required TimeSpan Pause { get; init; }

    public required int Bytes { get; init; }

    public static JsonRpcCall From(JsonElement message)
    {
        var parameters = Member(message, "params");
        return new JsonRpcCall
        {
            IdText = Member(message, "id")?.GetRawText(),
            Token = Member(parameters, "token")?.GetString() ?? "",
            Mode = Member(parameters, "mode")?.GetString(),
            Events = Member(parameters, "events")?.GetInt32() ?? 0,
            Pause = TimeSpan.FromMilliseconds(Member(parameters, "pause")?.GetInt32() ?? 0),
            Bytes = Member(parameters, "bytes")?.GetInt32() ?? 0,
        };
    }

    private static JsonElement? Member(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var value) ? value : null;
}
