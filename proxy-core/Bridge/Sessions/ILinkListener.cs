using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>Who gets what a server says of its own accord. One message after the other.</summary>
internal interface ILinkListener
{
    /// <summary>The server asks the client for something, such as sampling, or says something that belongs to no request.</summary>
    ValueTask ReceiveAsync(ServerLink link, RpcMessage message);

    /// <summary>The server is gone; its calls have failed already.</summary>
    void Closed(ServerLink link);
}
