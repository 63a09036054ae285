using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>Begins to talk to processes.</summary>
internal static class ServerLinks
{
    /// <exception cref="CallFailedException">There is no process to be had.</exception>
    public static ServerLink Start(IProcessSource source, ILinkListener listener, BridgeMetrics metrics)
    {
        try
        {
            return new ServerLink(source.Take(), listener, metrics, source.Time);
        }
        catch (Exception refused) when (refused is IOException or ObjectDisposedException)
        {
            throw new CallFailedException(ErrorCatalog.ServerNotStarted, refused);
        }
    }
}
