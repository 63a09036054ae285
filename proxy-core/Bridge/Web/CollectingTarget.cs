using System.Buffers;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>Waits for the responses to the requests of one POST, for clients that understand no events.</summary>
internal sealed class CollectingTarget(int requests, bool isBatch) : ICallTarget
{
    private readonly Lock _lock = new();
    private readonly List<ReadOnlyMemory<byte>> _responses = [];
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _all = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All of them: one message, or an array.</summary>
    public Task<ReadOnlyMemory<byte>> Task => _all.Task;

    // Without a stream there is no place for what comes before the response.
    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => ValueTask.CompletedTask;

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        lock (_lock)
        {
            _responses.Add(response);
            if (_responses.Count == requests)
            {
                _all.TrySetResult(isBatch ? Batch(_responses) : response);
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask FailAsync(ServerCall call, ProxyError error) => EndAsync(call, Answers.Failure(call.IdText, error));

    private static ReadOnlyMemory<byte> Batch(List<ReadOnlyMemory<byte>> messages)
    {
        var output = new ArrayBufferWriter<byte>();
        foreach (var (index, message) in messages.Index())
        {
            output.Write(index == 0 ? "["u8 : ","u8);
            output.Write(message.Span);
        }

        output.Write("]"u8);
        return output.WrittenMemory;
    }
}
