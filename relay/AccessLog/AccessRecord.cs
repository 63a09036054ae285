using System.Net;

namespace Tunnel.Relay.AccessLog;

/// <summary>A request of a visitor, once it is over. There is no field that could hold a header, a query or a body.</summary>
internal sealed record AccessRecord
{
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The name of the tunnel; null on the relay's own host and on hosts that are nobody's.</summary>
    public required string? Name { get; init; }

    public required IPAddress? Address { get; init; }

    public required string Method { get; init; }

    /// <summary>As the visitor sent it, without the query.</summary>
    public required string Path { get; init; }

    /// <summary>Null when the visitor left before there was an answer.</summary>
    public required int? Status { get; init; }

    /// <summary>Bytes of the answer's body, without what a WebSocket carried.</summary>
    public required long Bytes { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>What answers of ours have as <c>mcpr-request-id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>That of <c>traceparent</c>, if the visitor sent one.</summary>
    public required string? TraceId { get; init; }

    /// <summary>The code, where the answer is an error of ours.</summary>
    public required string? Code { get; init; }

    /// <summary>Whether the connection broke before the answer was complete.</summary>
    public required bool IsCutShort { get; init; }
}
