using System.Text.Json;

namespace Tunnel.Bench.Echo;

/// <summary>What the echo server says to a message.</summary>
internal static class Answers
{
    private const string Version = "2025-06-18";

    /// <summary>A line, or null where nothing is to be said: notifications and answers.</summary>
    public static string? To(ReadOnlyMemory<byte> line)
    {
        using var message = JsonDocument.Parse(line);
        var root = message.RootElement;
        if (!root.TryGetProperty("id", out var id) || !root.TryGetProperty("method", out var method))
        {
            return null;
        }

        var answer = method.GetString() switch
        {
            "initialize" =>
                $$$"""{"protocolVersion":"{{{Version}}}","capabilities":{"tools":{}},"serverInfo":{"name":"bench-echo","version":"1"}}""",
            "tools/list" => """{"tools":[{"name":"echo","inputSchema":{"type":"object","properties":{"message":{"type":"string"}}}}]}""",
            "tools/call" => $$"""{"content":[{"type":"text","text":{{Said(root)}}}]}""",
            "ping" => "{}",
            _ => null,
        };
        return answer is null
            ? $$$"""{"jsonrpc":"2.0","id":{{{id.GetRawText()}}},"error":{"code":-32601,"message":"Method not found"}}""" + "\n"
            : $$"""{"jsonrpc":"2.0","id":{{id.GetRawText()}},"result":{{answer}}}""" + "\n";
    }

    private static string Said(JsonElement call) => call.GetProperty("params").GetProperty("arguments").GetProperty("message").GetRawText();
}
