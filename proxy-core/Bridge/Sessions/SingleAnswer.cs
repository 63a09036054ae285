using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>Waits for the response to a call and nothing else.</summary>
internal sealed class SingleAnswer : ICallTarget
{
    private readonly TaskCompletionSource<RpcMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<RpcMessage> Task => _answer.Task;

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => ValueTask.CompletedTask;

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        _answer.TrySetResult(RpcMessage.Read(response)!);
        return ValueTask.CompletedTask;
    }

    public ValueTask FailAsync(ServerCall call, ProxyError error)
    {
        _answer.TrySetException(new CallFailedException(error));
        return ValueTask.CompletedTask;
    }
}
