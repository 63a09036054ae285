using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>Translates the answer to a request that the process can have no questions about.</summary>
internal sealed class TranslatedTarget(RpcMessage request, Lane lane, ModernTarget target) : ICallTarget
{
    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => target.NotifyAsync(message);

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response) =>
        target.EndAsync(LegacyAnswers.Translate(response, request, lane.Greeting));

    public ValueTask FailAsync(ServerCall call, ProxyError error) => target.FailAsync(request.IdText, error);
}
