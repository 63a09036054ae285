using System.Text.Json.Serialization;
using Tunnel.ProxyCore.History;

namespace Tunnel.ProxyCore.Events.Shipping;

/// <summary>What every line has.</summary>
internal sealed record EventLineHead(Guid Id, string? Ts, string? Type);

/// <summary>A line about tools, as it is written.</summary>
internal sealed record ToolSchemas(string Ts, string Type, string? Server, bool Complete, IReadOnlyList<ToolDefinition>? Tools);

/// <summary>The JSON of lines beside that of events, without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EventLineHead))]
[JsonSerializable(typeof(ToolSchemas))]
internal sealed partial class EventLineJson : JsonSerializerContext;
