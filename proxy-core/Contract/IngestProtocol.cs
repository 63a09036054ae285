using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Contract;

/// <summary>How connectors send events to a team's relay: lines as <see cref="Events.Shipping.EventLine"/> shows them, many in one request.</summary>
public static class IngestProtocol
{
    /// <summary>Below the origin of the team's dashboard.</summary>
    public const string Path = "/ingest/v1/events";

    /// <summary>Says what the sending mcpr is called in its project.</summary>
    public const string ServerHeader = "Mcpr-Server";

    public const string ContentType = "application/x-ndjson";

    /// <summary>Lines of one request.</summary>
    public const int MaxLines = 1_000;

    /// <summary>Bytes of a request's body as it is sent.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Bytes of a request's lines.</summary>
    public const int MaxPlainBytes = 8 << 20;
}

/// <summary>The answer to a batch that was taken (202).</summary>
/// <param name="Accepted">Events that were new.</param>
/// <param name="Known">Events that were there already, which is no harm.</param>
public sealed record IngestReceipt([property: JsonRequired] int Accepted, [property: JsonRequired] int Known);

/// <summary>The answer to a batch that was not taken, as problem details (RFC 9457).</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What is wrong, for people; it quotes nothing of the batch.</param>
/// <param name="Line">The first line that cannot be read, from 1.</param>
/// <param name="Lines">All of them: whoever leaves these out can send the rest.</param>
public sealed record IngestProblemAnswer(int Status, string Detail, int? Line, IReadOnlyList<int>? Lines)
{
    public const string ContentType = "application/problem+json";
}

/// <summary>The JSON of these, without reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(IngestReceipt))]
[JsonSerializable(typeof(IngestProblemAnswer))]
public sealed partial class IngestJson : JsonSerializerContext;
