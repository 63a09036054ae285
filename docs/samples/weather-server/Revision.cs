using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace WeatherServer;

/// <summary>
/// The protocol revision that one request speaks. Since 2026-07-28 every request states it in <c>_meta</c>; before, the client
/// agreed on one with <c>initialize</c> and repeats it in a header.
/// </summary>
internal sealed record Revision(string Name)
{
    private const string Modern = "2026-07-28";
    private const string WithoutHeader = "2025-03-26";
    private const string MetaPrefix = "io.modelcontextprotocol/";
    private const int HeaderMismatch = -32020;
    private const int UnsupportedVersion = -32022;

    /// <summary>Those that begin with <c>initialize</c>, newest first.</summary>
    public static IReadOnlyList<string> WithHandshake { get; } = ["2025-11-25", "2025-06-18", WithoutHeader];

    /// <summary>Those where every request stands alone.</summary>
    public static IReadOnlyList<string> WithoutHandshake { get; } = [Modern];

    public bool IsModern => Name == Modern;

    /// <summary>The revision of a request, or what is wrong with it.</summary>
    /// <param name="message">The request.</param>
    /// <param name="headers">What came along; null where there are none, over standard input.</param>
    public static (Revision? Revision, Failure? Failure) Of(JsonRpcMessage message, IHeaderDictionary? headers)
    {
        var meta = message.Params.Member("_meta") ?? default;
        var stated = meta.Text(MetaPrefix + "protocolVersion");
        string? header = headers?["MCP-Protocol-Version"];

        var revision = new Revision(stated ?? header ?? WithoutHeader);
        string[] supported = [.. WithoutHandshake, .. WithHandshake];
        if (!supported.Contains(revision.Name, StringComparer.Ordinal))
        {
            var data = new JsonObject { ["supported"] = supported.ToJson(), ["requested"] = revision.Name };
            return (null, new Failure(UnsupportedVersion, "Unsupported protocol version", data));
        }

        if (!revision.IsModern)
        {
            return (revision, null);
        }

        if (stated is null || meta.Member(MetaPrefix + "clientCapabilities") is null)
        {
            return (null, Failure.InvalidParams("_meta needs protocolVersion and clientCapabilities"));
        }

        return headers is null || (header == stated && headers["Mcp-Method"] == message.Method && NameAgrees(message, headers))
            ? (revision, null)
            : (null, new Failure(HeaderMismatch, "Header mismatch"));
    }

    /// <summary>Adds what every result of this revision carries.</summary>
    public Outcome Complete(Outcome outcome)
    {
        if (IsModern && outcome is Success { Result: var result })
        {
            result["resultType"] = "complete";
            result["_meta"] = new JsonObject { [MetaPrefix + "serverInfo"] = McpServer.Info };
        }

        return outcome;
    }

    /// <summary>A name that does not fit a header comes as <c>=?base64?…?=</c>. No tool of ours has one.</summary>
    private static bool NameAgrees(JsonRpcMessage message, IHeaderDictionary headers) =>
        message.Method != "tools/call" || headers["Mcp-Name"] == message.Params.Text("name");
}
