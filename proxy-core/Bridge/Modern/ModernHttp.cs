using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>The transport of the revision 2026-07-28: every POST stands for itself.</summary>
internal sealed class ModernHttp(ModernServers servers, BridgeMetrics metrics, TimeProvider time)
{
    // Events of one answer that may wait for a client; see EventStream for their size.
    private const int MaxEvents = 10_000;

    public async Task<HttpResponseMessage> PostAsync(
        BridgeRequest request,
        IReadOnlyList<RpcMessage> messages,
        CancellationToken cancellationToken
    )
    {
        if (Envelope.Read(request, messages, out var refusal) is not { } envelope)
        {
            return refusal!;
        }

        if (envelope.Message.IsNotification)
        {
            return Answers.Accepted();
        }

        var target = new ModernTarget(request.AcceptsEvents, MaxEvents, metrics, time);
        try
        {
            var server = await servers.GetAsync(cancellationToken);
            if (await FindMismatchAsync(server, envelope, request, cancellationToken) is { } problem)
            {
                return Refusals.HeaderMismatch(envelope.Message.IdText, problem);
            }

            await server.CallAsync(envelope, target, cancellationToken);
        }
        catch (CallFailedException failed)
        {
            await target.FailAsync(envelope.Message.IdText, failed.Error);
        }

        return await target.AnswerAsync(cancellationToken);
    }

    private static async ValueTask<string?> FindMismatchAsync(
        IModernServer server,
        Envelope envelope,
        BridgeRequest request,
        CancellationToken cancellationToken
    )
    {
        var message = envelope.Message;
        if (message.Method != "tools/call" || message.String(message.Find(message.Params, "name"u8)) is not { } tool)
        {
            return null;
        }

        try
        {
            var headers = await server.ParamHeadersAsync(envelope, tool, cancellationToken);
            return ParamHeader.FindProblem(headers, request, message);
        }
        catch (TimeoutException)
        {
            throw new CallFailedException(ErrorCatalog.UpstreamTimeout);
        }
    }
}
