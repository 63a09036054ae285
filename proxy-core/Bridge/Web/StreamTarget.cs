using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>Puts what comes of the requests of one POST on its event stream, and ends the stream after the last response.</summary>
internal sealed class StreamTarget(EventStream stream, int requests) : ICallTarget
{
    private int _open = requests;

    /// <summary>Where a message goes that the server sends while it works on one of the requests.</summary>
    public EventStream? Stream => stream;

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => stream.SendAsync(message);

    public async ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        await stream.SendAsync(response);
        Done();
    }

    public ValueTask FailAsync(ServerCall call, ProxyError error) => EndAsync(call, Answers.Failure(call.IdText, error));

    /// <summary>One request less to wait for, without a response.</summary>
    public void Done()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            stream.End();
        }
    }
}

/// <summary>Puts responses on a stream that goes on.</summary>
internal sealed class LastingStreamTarget(EventStream stream) : ICallTarget
{
    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => stream.SendAsync(message);

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response) => stream.SendAsync(response);

    public ValueTask FailAsync(ServerCall call, ProxyError error) => stream.SendAsync(Answers.Failure(call.IdText, error));
}
