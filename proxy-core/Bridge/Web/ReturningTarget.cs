using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>Gives something back when a call is over.</summary>
internal sealed class ReturningTarget(ICallTarget target, Action release) : ICallTarget
{
    private Action? _release = release;

    /// <summary>It is over.</summary>
    public void Release() => Interlocked.Exchange(ref _release, null)?.Invoke();

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => target.NotifyAsync(message);

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        Release();
        return target.EndAsync(call, response);
    }

    public ValueTask FailAsync(ServerCall call, ProxyError error)
    {
        Release();
        return target.FailAsync(call, error);
    }
}
