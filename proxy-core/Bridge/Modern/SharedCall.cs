using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>A request that the process can have no questions about, beside others.</summary>
internal sealed class SharedCall(RpcMessage request, Lane lane, ModernTarget target, Action release) : ICallTarget
{
    private Action? _release = release;

    /// <summary>The process is not needed for it any more.</summary>
    public void Release() => Interlocked.Exchange(ref _release, null)?.Invoke();

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => target.NotifyAsync(message);

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        Release();
        return target.EndAsync(LegacyAnswers.Translate(response, request, lane.Greeting));
    }

    public ValueTask FailAsync(ServerCall call, ProxyError error)
    {
        Release();
        return target.FailAsync(request.IdText, error);
    }
}
