using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>The rows of the history as JSON, without reflection: the commands write them a line each, the API in lists.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(OverviewRow))]
[JsonSerializable(typeof(ToolRow))]
[JsonSerializable(typeof(EventRow))]
[JsonSerializable(typeof(FailureRow))]
[JsonSerializable(typeof(SessionRow))]
[JsonSerializable(typeof(ClientRow))]
public sealed partial class HistoryJson : JsonSerializerContext;
