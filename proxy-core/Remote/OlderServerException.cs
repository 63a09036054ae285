using System.Net;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Remote;

/// <summary>A server refused <c>initialize</c> as one refuses that knows only HTTP+SSE (revision 2025-11-25, backwards compatibility).</summary>
/// <param name="status">400, 404 or 405.</param>
/// <param name="error">What else it said, if that is JSON-RPC.</param>
internal sealed class OlderServerException(string status, RpcMessage? error) : Exception(status)
{
    /// <summary>Errors of the revision 2026-07-28, which an older server does not have.</summary>
    private const int FirstModern = -32099;
    private const int LastModern = -32020;

    public RpcMessage? Error { get; } = error;

    /// <returns>Null when the refusal means something else.</returns>
    public static async Task<OlderServerException?> ReadAsync(
        HttpResponseMessage response,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (response.StatusCode is not (HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed))
        {
            return null;
        }

        var error = await RemoteReply.FindErrorAsync(response, time, cancellationToken);
        return error?.Number(error.Find(error.Error, "code"u8)) is >= FirstModern and <= LastModern
            ? null
            : new OlderServerException(RemoteReply.StatusOf(response), error);
    }
}
