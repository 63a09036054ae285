using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>A call will have no answer.</summary>
internal sealed class CallFailedException(ProxyError error, Exception? cause = null) : Exception(error.Title, cause)
{
    public ProxyError Error { get; } = error;
}
