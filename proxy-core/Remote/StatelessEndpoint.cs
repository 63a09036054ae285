using System.Net;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Modern;

namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// Streamable HTTP of the revision 2026-07-28: every request stands for itself, and headers repeat what its body says. A client that cancels
/// a request closes its response.
/// </summary>
internal sealed class StatelessEndpoint(RemoteParts parts) : IRemoteEndpoint
{
    /// <summary>The server finds that headers and body do not agree, as when its tools have changed.</summary>
    private const string HeaderMismatch = "-32020";

    private readonly RemoteReply _reply = new(parts.Client, parts.Options, parts.Time);
    private readonly ToolHeaders _toolHeaders = new();

    /// <summary>Whether a message speaks of itself as one of this revision.</summary>
    public static bool IsFor(RpcMessage message) => message.Method == "server/discover" || Revisions.IsModern(VersionIn(message));

    public async Task SendAsync(RpcMessage message, RemoteCall? call, CancellationToken cancellationToken)
    {
        using var response = await PostAsync(message, cancellationToken);
        if (message.Method != "tools/call" || !await IsMismatchAsync(response, parts.Time, cancellationToken))
        {
            await _reply.ReadAsync(response, call, cancellationToken);
            return;
        }

        _toolHeaders.Forget();
        using var second = await PostAsync(message, cancellationToken);
        await _reply.ReadAsync(second, call, cancellationToken);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<HttpResponseMessage> PostAsync(RpcMessage message, CancellationToken cancellationToken)
    {
        var headers = await HeadersOfAsync(message, cancellationToken);
        return await parts.Http.SendAsync(() => Request(message, headers), cancellationToken);
    }

    private HttpRequestMessage Request(RpcMessage message, IReadOnlyList<ParamHeader> headers)
    {
        var request = RemoteReply.Post(parts.Options.Url, message);
        request.Headers.TryAddWithoutValidation("MCP-Protocol-Version", VersionIn(message) ?? Revisions.FirstModern);
        request.Headers.TryAddWithoutValidation("Mcp-Method", message.Method);
        if (StandardHeaders.NameIn(message) is { } name)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Name", StandardHeaders.Encode(name));
        }

        foreach (var header in headers)
        {
            if (header.ValueIn(message) is { } value)
            {
                request.Headers.TryAddWithoutValidation(header.Header, StandardHeaders.Encode(value));
            }
        }

        return request;
    }

    private async ValueTask<IReadOnlyList<ParamHeader>> HeadersOfAsync(RpcMessage message, CancellationToken cancellationToken)
    {
        if (message.Method != "tools/call" || StandardHeaders.NameIn(message) is not { } tool)
        {
            return [];
        }

        var meta = message.Find(message.Params, "_meta"u8);
        return await _toolHeaders.OfAsync(
            tool,
            cursor =>
                ListToolsAsync(
                    meta.Exists ? System.Text.Encoding.UTF8.GetString(message.Bytes(meta).Span) : null,
                    cursor,
                    cancellationToken
                )
        );
    }

    /// <summary>Asks for a page of the tools as the client itself would, by what it says of itself in its call.</summary>
    private async Task<RpcMessage> ListToolsAsync(string? meta, string? cursor, CancellationToken cancellationToken)
    {
        var request = Greeting.Anew(ToolHeaders.Request(meta, cursor));
        using var call = new RemoteCall(request, isOwn: true, cancellationToken);
        parts.Calls.TryAdd(call);
        try
        {
            using var response = await parts.Http.SendAsync(() => Request(request, []), cancellationToken);
            await _reply.ReadAsync(response, call, cancellationToken);
            return call.IsAnswered
                ? await call.Answer
                : throw new RemoteFailure(Errors.ErrorCatalog.UpstreamInvalid, "the list of tools has no end");
        }
        finally
        {
            parts.Calls.Remove(call);
        }
    }

    private static async Task<bool> IsMismatchAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken) =>
        response.StatusCode == HttpStatusCode.BadRequest
        && await RemoteReply.FindErrorAsync(response, time, cancellationToken) is { } error
        && System.Text.Encoding.ASCII.GetString(error.Bytes(error.Find(error.Error, "code"u8)).Span) == HeaderMismatch;

    private static string? VersionIn(RpcMessage message) =>
        message.String(message.Find(message.Params, "_meta"u8, MetaKeys.ProtocolVersion));
}
