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

    /// <summary>The <c>params.uri</c> of a request: the resource of <c>resources/read</c>.</summary>
    public string? ResourceUri { get; init; }

    /// <summary>The protocol revision that the request speaks: <c>params.protocolVersion</c> of initialize, or the modern <c>_meta</c> key.</summary>
    public string? ProtocolVersion { get; init; }

    /// <summary>The client's name for itself, from initialize or the modern <c>_meta</c> key.</summary>
    public string? ClientName { get; init; }

    /// <summary>The client's version for itself.</summary>
    public string? ClientVersion { get; init; }

    /// <summary>The <c>_meta.traceparent</c> of a request (W3C Trace Context), as it came.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The <c>_meta.tracestate</c> that belongs to it.</summary>
    public string? TraceState { get; init; }

    /// <summary>The person that the host's <c>_meta</c> names, hashed by <see cref="Clients.PersonKey"/>.</summary>
    public string? User { get; init; }

    /// <summary>The host's own key of a conversation in <c>_meta</c>.</summary>
    public string? HostSession { get; init; }

    /// <summary>The <c>error.code</c> of a response that is an error.</summary>
    public int? ErrorCode { get; init; }

    /// <summary>The <c>error.message</c> of a response that is an error.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>Whether the body was a batch (only in the revision of 2025-03-26); the other fields then tell its first message.</summary>
    public bool IsBatch { get; init; }

    /// <summary>The further messages of a batch, up to <see cref="JsonRpcReader.MaxBatch"/> with the first.</summary>
    public IReadOnlyList<JsonRpcSummary> Others { get; init; } = [];
}
