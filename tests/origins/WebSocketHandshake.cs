namespace Tunnel.Tests.Origins;

/// <summary>The request that asked for a WebSocket.</summary>
public sealed record WebSocketHandshake
{
    /// <summary>Path and query as they came.</summary>
    public required string Target { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>The subprotocols offered, in their order.</summary>
    public required IReadOnlyList<string> Subprotocols { get; init; }
}
