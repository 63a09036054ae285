using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Remote;

/// <summary>A server of the revisions with <c>initialize</c>, over the transport that it speaks; the first <c>initialize</c> finds that out.</summary>
internal sealed partial class SessionEndpoint(RemoteParts parts) : IRemoteEndpoint
{
    private IRemoteEndpoint _endpoint =
        parts.Options.Transport == RemoteTransport.Sse ? new EventsEndpoint(parts) : new StreamableEndpoint(parts);

    public async Task SendAsync(RpcMessage message, RemoteCall? call, CancellationToken cancellationToken)
    {
        try
        {
            await _endpoint.SendAsync(message, call, cancellationToken);
        }
        catch (OlderServerException older)
        {
            await FallBackAsync(older, message, call!, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _endpoint.DisposeAsync();

    private async Task FallBackAsync(
        OlderServerException older,
        RpcMessage initialize,
        RemoteCall call,
        CancellationToken cancellationToken
    )
    {
        Log.Older(parts.Logger, older.Message);
        var events = new EventsEndpoint(parts);
        try
        {
            await events.SendAsync(initialize, call, cancellationToken);
            await _endpoint.DisposeAsync();
            _endpoint = events;
        }
        catch (Exception failed)
        {
            await events.DisposeAsync();
            if (RemoteFailure.Of(failed) is null)
            {
                throw;
            }

            // It is no older one either; what it said at first is the better answer.
            if (older.Error is not { } error)
            {
                throw new RemoteFailure(ErrorCatalog.RemoteRefused, older.Message);
            }

            await parts.Client.TakeAsync(error.With(error.Id, call.Request.IdText));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2309, LogLevel.Information, "the server refused with {Status}; trying HTTP+SSE")]
        public static partial void Older(ILogger logger, string status);
    }
}
