using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;

namespace Tunnel.ProxyCore.Remote;

/// <summary>How the client began its session, so that it can begin again without the client.</summary>
internal sealed class Greeting
{
    private static long s_lastNumber;

    private readonly SessionMemory _memory = new();
    private volatile RpcMessage? _initialize;
    private volatile RpcMessage? _initialized;

    /// <summary>Whether there is something to begin again with.</summary>
    public bool IsComplete => _initialize is not null && _initialized is not null;

    /// <summary>Takes note of a message of the client's on its way.</summary>
    public void Note(RpcMessage message)
    {
        if (message is { Method: "initialize", IsRequest: true })
        {
            _initialize = message;
        }
        else if (message.Method == "notifications/initialized")
        {
            _initialized = message;
        }
        else if (message.IsRequest)
        {
            _memory.Note(message);
        }
    }

    /// <summary>The client's <c>initialize</c>, with an id that it does not use.</summary>
    public RpcMessage Initialize() => Anew(_initialize!);

    public RpcMessage Initialized => _initialized!;

    /// <summary>What the client had set up.</summary>
    public IEnumerable<RpcMessage> Replay() => _memory.Replay().Select(Anew);

    /// <summary>A request under an id of ours.</summary>
    public static RpcMessage Anew(RpcMessage request) =>
        RpcMessage.Read(request.With(request.Id, Encoding.ASCII.GetBytes($"\"mcpr-{Interlocked.Increment(ref s_lastNumber)}\"")))!;
}
