using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Remote;

/// <summary>A server as one of the transports of MCP reaches it.</summary>
internal interface IRemoteEndpoint : IAsyncDisposable
{
    /// <summary>Sends a message. With a call it returns when the call is answered; what comes goes to the client meanwhile.</summary>
    /// <exception cref="RemoteFailure">There will be no answer.</exception>
    Task SendAsync(RpcMessage message, RemoteCall? call, CancellationToken cancellationToken);
}
