using System.Text.Json.Serialization;

namespace Tunnel.Relay.Team.Ingest;

/// <summary><c>{"status":400,"detail":"line 3: it has no id","line":3}</c></summary>
internal sealed record IngestProblemAnswer(int Status, string Detail, int? Line);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IngestProblemAnswer))]
internal sealed partial class IngestProblemJson : JsonSerializerContext;
