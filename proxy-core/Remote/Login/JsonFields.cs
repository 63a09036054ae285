using System.Text.Json;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>Members of a metadata document; what has another type than it should is not there.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public static Uri? Url(this JsonElement document, string name) =>
        Uri.TryCreate(document.Text(name), UriKind.Absolute, out var url) ? url : null;

    public static bool Flag(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    public static long? Number(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    public static IReadOnlyList<string>? Texts(this JsonElement document, string name) =>
        document.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : null;
}
