using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>Which arguments of the tools of a server are repeated in headers; asked for once, until the tools change.</summary>
internal sealed class ToolHeaders
{
    // Bounded: pages of a list of tools that are read.
    private const int MaxPages = 100;

    private volatile ImmutableDictionary<string, IReadOnlyList<ParamHeader>>? _headers;

    /// <summary>The tools have changed.</summary>
    public void Forget() => _headers = null;

    /// <param name="tool">The tool.</param>
    /// <param name="listAsync">Asks the server for a page of its tools, behind a cursor (JSON text) or from the start.</param>
    public async ValueTask<IReadOnlyList<ParamHeader>> OfAsync(string tool, Func<string?, Task<RpcMessage>> listAsync)
    {
        var headers = _headers ??= await ReadAsync(listAsync);
        return headers.GetValueOrDefault(tool, []);
    }

    /// <summary>A request for a page.</summary>
    /// <param name="meta">Members of <c>_meta</c> with a comma behind, or nothing.</param>
    /// <param name="cursor">JSON text.</param>
    public static RpcMessage Request(string? meta, string? cursor)
    {
        string?[] members = [meta is null ? null : $"\"_meta\":{meta}", cursor is null ? null : $"\"cursor\":{cursor}"];
        var text = $$$"""{"jsonrpc":"2.0","id":0,"method":"tools/list","params":{{{{string.Join(',', members.OfType<string>())}}}}}""";
        return RpcMessage.Read(Encoding.UTF8.GetBytes(text))!;
    }

    private static async Task<ImmutableDictionary<string, IReadOnlyList<ParamHeader>>> ReadAsync(Func<string?, Task<RpcMessage>> listAsync)
    {
        var headers = ImmutableDictionary.CreateBuilder<string, IReadOnlyList<ParamHeader>>(StringComparer.Ordinal);
        string? cursor = null;
        for (var page = 0; page < MaxPages; page++)
        {
            var list = await listAsync(cursor);
            using var json = JsonDocument.Parse(list.Text, new JsonDocumentOptions { MaxDepth = JsonObjects.MaxDepth });
            if (
                !json.RootElement.TryGetProperty("result", out var result)
                || !result.TryGetProperty("tools", out var tools)
                || tools.ValueKind != JsonValueKind.Array
            )
            {
                break;
            }

            foreach (var tool in tools.EnumerateArray())
            {
                if (
                    tool.TryGetProperty("name", out var name)
                    && name.ValueKind == JsonValueKind.String
                    && tool.TryGetProperty("inputSchema", out var schema)
                    && ParamHeader.In(schema) is { Count: > 0 } found
                )
                {
                    headers[name.GetString()!] = found;
                }
            }

            cursor = result.TryGetProperty("nextCursor", out var next) && next.ValueKind == JsonValueKind.String ? next.GetRawText() : null;
            if (cursor is null)
            {
                break;
            }
        }

        return headers.ToImmutable();
    }
}
