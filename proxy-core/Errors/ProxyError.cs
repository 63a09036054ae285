namespace Tunnel.ProxyCore.Errors;

/// <summary>One way a request can fail by our own hand, as the caller gets to see it.</summary>
/// <param name="Number">The number in the code and in JSON-RPC errors: 3101 for E3101.</param>
/// <param name="Status">The HTTP status (RFC 9110 section 15), for JSON-RPC callers and browsers alike.</param>
/// <param name="Title">What happened, in one short sentence without a full stop.</param>
/// <param name="Hint">What the reader can do about it.</param>
/// <param name="RetryAfterSeconds">Set where trying again soon makes sense; sent as Retry-After.</param>
public sealed record ProxyError(int Number, int Status, string Title, string Hint, int? RetryAfterSeconds = null)
{
    /// <summary>The code of JSON-RPC errors, where the protocol has one of its own for this; otherwise the number.</summary>
    public int JsonRpcCode { get; init; } = Number;

    /// <summary>The code that appears in bodies, headers, logs and docs/errors.md.</summary>
    public string Code { get; } = $"E{Number:D4}";
}
