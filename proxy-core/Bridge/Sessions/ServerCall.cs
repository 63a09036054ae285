using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>A request that a server works on. To the server it has a number of ours, to the client the id that the client gave it.</summary>
internal sealed class ServerCall
{
    private readonly ICallTarget _target;
    private int _isOver;

    /// <param name="request">As the client sent it.</param>
    /// <param name="owner">Whose request it is: only its owner can cancel it.</param>
    /// <param name="target">Who gets what comes of it.</param>
    public ServerCall(RpcMessage request, object owner, ICallTarget target)
    {
        Method = request.Method!;
        IdText = request.IdText;
        Owner = owner;
        _target = target;
        Token = TokenIn(request);
        TokenText = request.Bytes(Token);
    }

    public string Method { get; }

    public ReadOnlyMemory<byte> IdText { get; }

    public object Owner { get; }

    /// <summary>Who gets what comes of it.</summary>
    public ICallTarget Target => _target;

    /// <summary>Where the client's progress token is in its request.</summary>
    public JsonSpan Token { get; private set; }

    public ReadOnlyMemory<byte> TokenText { get; }

    /// <summary>Its id and progress token towards the server.</summary>
    public long Number { get; set; }

    /// <summary>When something was last heard of it, as a timestamp.</summary>
    public long LastSign { get; set; }

    /// <summary>The request is sent as this one, in which things stand elsewhere.</summary>
    public void MoveTo(RpcMessage request) => Token = TokenIn(request);

    /// <summary>A message that belongs to it, with the client's own ids.</summary>
    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) =>
        Volatile.Read(ref _isOver) == 0 ? _target.NotifyAsync(message) : ValueTask.CompletedTask;

    /// <summary>The response, with the client's own id.</summary>
    public ValueTask EndAsync(ReadOnlyMemory<byte> response) =>
        Interlocked.Exchange(ref _isOver, 1) == 0 ? _target.EndAsync(this, response) : ValueTask.CompletedTask;

    /// <summary>There will be no response.</summary>
    public ValueTask FailAsync(ProxyError error) =>
        Interlocked.Exchange(ref _isOver, 1) == 0 ? _target.FailAsync(this, error) : ValueTask.CompletedTask;

    private static JsonSpan TokenIn(RpcMessage request) => request.Find(request.Find(request.Params, "_meta"u8), "progressToken"u8);
}

/// <summary>Who gets what comes of a call. One call after the other, never two at once.</summary>
internal interface ICallTarget
{
    /// <summary>The stream of this call alone, where what belongs to it can be sent; null where there is none.</summary>
    Web.EventStream? Stream => null;

    ValueTask NotifyAsync(ReadOnlyMemory<byte> message);

    ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response);

    ValueTask FailAsync(ServerCall call, ProxyError error);
}
