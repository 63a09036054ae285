using System.Text.Json.Serialization;
using Tunnel.ProxyCore.History.Json;

namespace Tunnel.ProxyCore.Dashboard.Api;

/// <summary>The JSON of the API, without reflection.</summary>
// Definitions of tools are as deep as JSON is read by default, which is 64, and stand within answers.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, MaxDepth = 128)]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(StatusAnswer))]
[JsonSerializable(typeof(FiltersAnswer))]
[JsonSerializable(typeof(OverviewRow))]
[JsonSerializable(typeof(ToolsAnswer))]
[JsonSerializable(typeof(RequestsAnswer))]
[JsonSerializable(typeof(RequestAnswer))]
[JsonSerializable(typeof(SessionsAnswer))]
[JsonSerializable(typeof(SessionAnswer))]
[JsonSerializable(typeof(ErrorsAnswer))]
[JsonSerializable(typeof(SlowAnswer))]
[JsonSerializable(typeof(ClientsAnswer))]
[JsonSerializable(typeof(ViolationsAnswer))]
[JsonSerializable(typeof(SchemasAnswer))]
[JsonSerializable(typeof(EventRow))]
[JsonSerializable(typeof(DroppedRow))]
[JsonSerializable(typeof(ReplayQuestion))]
[JsonSerializable(typeof(SentAnswer))]
internal sealed partial class DashboardJson : JsonSerializerContext;
