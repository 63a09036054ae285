namespace Tunnel.ProxyCore.JsonRpc;

/// <summary>The parts of a JSON-RPC 2.0 message that routing, errors and the exchange line need. It has no place for parameters or results.</summary>
public sealed record JsonRpcSummary
{
    /// <summary>The id as JSON text exactly as it came (a number or a quoted string), or null for a notification.</summary>
    public string? Id { get; init; }

    /// <summary>The method of a request or notification; null for a response.</summary>
    public string? Method { get; init; }

    /// <summary>The <c>params.name</c> of a request: the tool of <c>tools/call</c>, the prompt of <c>prompts/get</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The protocol revision that the request speaks: <c>params.protocolVersion</c> of initialize, or the modern <c>_meta</c> key.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>The client's name for itself, from initialize or the modern <c>_meta</c> key.</summary>
    public string? ClientName { get; init; }

    /// <summary>The client's version for itself.</summary>
    public string? ClientVersion { get; init; }

    /// <summary>The <c>error.code</c> of a response that is an error.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>The <c>error.message</c> of a response that is an error.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Whether the body was a batch (only in the revision of 2025-03-26); the other fields then tell its first message.</summary>
    public bool IsBatch { get; init; }
}
