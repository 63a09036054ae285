using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>A session's place at a server, which it has for itself or shares.</summary>
internal interface IServerSeat : IAsyncDisposable
{
    /// <summary>Answers the client's <c>initialize</c>.</summary>
    /// <exception cref="CallFailedException">There is no server.</exception>
    Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken);

    /// <summary>The server, started again if need be.</summary>
    /// <exception cref="CallFailedException">There is none.</exception>
    ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken);

    /// <summary>The server, if it runs.</summary>
    ServerLink? Link { get; }

    /// <summary>Whether the server gets a notification of the client at all.</summary>
    bool Wants(RpcMessage notification) => true;

    /// <summary>Answers a request in the place of the server.</summary>
    /// <returns>The response; null where the request is the server's.</returns>
    ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(RpcMessage request, CancellationToken cancellationToken) =>
        new((ReadOnlyMemory<byte>?)null);

    /// <summary>The request as the server has to get it.</summary>
    RpcMessage Prepare(RpcMessage request) => request;

    /// <summary>Stands between what comes of a request and the client.</summary>
    ICallTarget Watch(RpcMessage request, ICallTarget target) => target;
}
