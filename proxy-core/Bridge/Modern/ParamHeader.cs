using System.Globalization;
using System.Text.Json;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>An argument of a tool that has to be repeated in <c>Mcp-Param-{Name}</c>.</summary>
/// <param name="Header">The name of the header.</param>
/// <param name="Path">Where it is in the arguments.</param>
/// <param name="IsNumber">Whether <c>7</c> and <c>7.0</c> are the same.</param>
internal sealed record ParamHeader(string Header, IReadOnlyList<string> Path, bool IsNumber)
{
    private const string Prefix = "Mcp-Param-";

    /// <summary>The headers that an input schema asks for. Places where the value cannot be found for sure count nothing.</summary>
    public static IReadOnlyList<ParamHeader> In(JsonElement schema)
    {
        List<ParamHeader> found = [];
        Collect(schema, [], found);
        return found;
    }

    /// <returns>What is missing or differs, or null.</returns>
    public static string? FindProblem(IReadOnlyList<ParamHeader> headers, BridgeRequest request, RpcMessage message) =>
        headers.Select(header => header.FindProblem(request, message)).FirstOrDefault(problem => problem is not null);

    /// <summary>What the header repeats; null where the argument is not there.</summary>
    public string? ValueIn(RpcMessage message)
    {
        var value = message.Find(message.Params, "arguments"u8);
        foreach (var name in Path)
        {
            value = message.Find(value, System.Text.Encoding.UTF8.GetBytes(name));
        }

        return value.Exists ? TextOf(message, value) : null;
    }

    private string? FindProblem(BridgeRequest request, RpcMessage message)
    {
        if (ValueIn(message) is not { } text)
        {
            return null;
        }

        return request.Header(Header) is not { } given ? $"{Header} is missing"
            : StandardHeaders.Decode(given.Trim()) is not { } decoded ? $"{Header} is not encoded as it should be"
            : decoded == text || (IsNumber && AreEqual(decoded, text)) ? null
            : $"{Header} is {decoded}, the body says {text}";
    }

    private static string? TextOf(RpcMessage message, JsonSpan value) =>
        message.Text.Span[value.Start] switch
        {
            (byte)'"' => message.String(value),
            (byte)'{' or (byte)'[' or (byte)'n' => null,
            _ => System.Text.Encoding.ASCII.GetString(message.Bytes(value).Span),
        };

    private static bool AreEqual(string left, string right) =>
        decimal.TryParse(left, NumberStyles.Float, CultureInfo.InvariantCulture, out var one)
        && decimal.TryParse(right, NumberStyles.Float, CultureInfo.InvariantCulture, out var other)
        && one == other;

    private static void Collect(JsonElement schema, string[] path, List<ParamHeader> found)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (path.Length > 0 && schema.TryGetProperty("x-mcp-header", out var name) && name.ValueKind == JsonValueKind.String)
        {
            var type =
                schema.TryGetProperty("type", out var declared) && declared.ValueKind == JsonValueKind.String ? declared.GetString() : null;
            found.Add(new ParamHeader(Prefix + name.GetString(), path, type is "integer" or "number"));
        }

        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                Collect(property.Value, [.. path, property.Name], found);
            }
        }
    }
}
