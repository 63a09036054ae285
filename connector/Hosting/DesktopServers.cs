using System.Text.Json;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.Connector.Hosting;

/// <summary>
/// The servers of a file such as desktop applications keep, as it is:
/// <code>
/// { "mcpServers": { "files": { "command": "npx", "args": ["-y", "@scope/server"], "env": { "TOKEN": "…" } }, "web": { "url": "https://…" } } }
/// </code>
/// </summary>
internal static class DesktopServers
{
    // Bounded: a configuration is a few hundred lines; this is something else.
    private const int MaxFileSize = 1 << 20;

    private static readonly JsonDocumentOptions s_lenient = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>The servers of the file that the settings name, if they name one.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message says why.</exception>
    public static IReadOnlyList<McpServerOptions> Read(Settings settings)
    {
        if (!settings.TryGet(StdioSchema.ServersFile, out var path))
        {
            return [];
        }

        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxFileSize)
            {
                throw new InvalidDataException($"{path} is larger than {MaxFileSize} bytes");
            }

            using var json = JsonDocument.Parse(file, s_lenient);
            return
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("mcpServers", out var servers)
                && servers.ValueKind == JsonValueKind.Object
                ? [.. servers.EnumerateObject().Where(IsOn).Select(server => Read(server, settings, path))]
                : throw new InvalidDataException($"{path} has no mcpServers");
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"{path} is not JSON: {broken.Message}", broken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"cannot read {path}: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>The name as the first part of a path: <c>My Files</c> is <c>my-files</c>.</summary>
    public static string NameOf(string name)
    {
        var letters = name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' ? letter : '-');
        return string.Concat(letters).Trim('-', '_');
    }

    private static bool IsOn(JsonProperty server) =>
        server.Value.ValueKind == JsonValueKind.Object
        && !(server.Value.TryGetProperty("disabled", out var disabled) && disabled.ValueKind == JsonValueKind.True)
        && !(server.Value.TryGetProperty("enabled", out var enabled) && enabled.ValueKind == JsonValueKind.False);

    private static McpServerOptions Read(JsonProperty server, Settings settings, string path)
    {
        var one = new McpServerOptions { Name = NameOf(server.Name) };
        if (server.Value.TryGetProperty("command", out var command) && command.ValueKind == JsonValueKind.String)
        {
            var program = ProgramSettings.Of(settings, [command.GetString()!, .. Texts(server.Value, "args")]);
            one.Stdio = program with
            {
                Variables = VariablesOf(server.Value),
                WorkingFolder = Text(server.Value, "cwd") ?? program.WorkingFolder,
            };
        }
        else if (Uri.TryCreate(Text(server.Value, "url"), UriKind.Absolute, out var url))
        {
            one.Urls = [url];
        }
        else
        {
            throw new InvalidDataException($"{path}: the server {server.Name} has neither a command nor a url");
        }

        return one;
    }

    private static string? Text(JsonElement server, string name) =>
        server.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static IEnumerable<string> Texts(JsonElement server, string name) =>
        server.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)
            : [];

    private static Dictionary<string, string> VariablesOf(JsonElement server) =>
        server.TryGetProperty("env", out var variables) && variables.ValueKind == JsonValueKind.Object
            ? variables
                .EnumerateObject()
                .ToDictionary(
                    variable => variable.Name,
                    variable =>
                        variable.Value.ValueKind == JsonValueKind.String ? variable.Value.GetString()! : variable.Value.GetRawText(),
                    StringComparer.Ordinal
                )
            : [];
}
