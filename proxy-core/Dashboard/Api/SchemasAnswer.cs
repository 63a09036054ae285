using System.Text.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

internal sealed record SchemasAnswer(IReadOnlyList<string> Cut, IReadOnlyList<ToolSchemaRow> Tools);

internal sealed record ToolSchemaRow(string? Server, string Tool, bool? IsListed, IReadOnlyList<SchemaVersionRow> Versions);

internal sealed record SchemaVersionRow(
    int Version,
    string Hash,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    JsonElement Definition,
    IReadOnlyList<SchemaChangeRow> Changes
);

/// <param name="Path">A JSON pointer (RFC 6901).</param>
/// <param name="Change"><c>added</c>, <c>removed</c> or <c>changed</c>.</param>
/// <param name="Before">What was there.</param>
/// <param name="After">What is there.</param>
internal sealed record SchemaChangeRow(string Path, string Change, JsonElement? Before, JsonElement? After);
