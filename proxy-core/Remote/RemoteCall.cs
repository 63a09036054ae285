using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Remote;

/// <summary>A request that the remote server has to answer: one of the local client, or one of our own.</summary>
internal sealed class RemoteCall : IDisposable
{
    private readonly TaskCompletionSource<RpcMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _left;

    /// <param name="request">The request.</param>
    /// <param name="isOwn">Whether its answer is for us and not for the client.</param>
    /// <param name="stopping">Nobody waits for any answer any more.</param>
    public RemoteCall(RpcMessage request, bool isOwn, CancellationToken stopping)
    {
        Request = request;
        IsOwn = isOwn;
        _left = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Left = _left.Token;
    }

    public RpcMessage Request { get; }

    public bool IsOwn { get; }

    /// <summary>A stream that is open for as long as the client likes (revision 2026-07-28), and silent for as long as nothing happens.</summary>
    public bool IsLasting => Request.Method == "subscriptions/listen";

    /// <summary>Ends when nobody wants the answer any more.</summary>
    public CancellationToken Left { get; }

    public bool IsAnswered => _answer.Task.IsCompletedSuccessfully;

    public Task<RpcMessage> Answer => _answer.Task;

    public void End(RpcMessage response) => _answer.TrySetResult(response);

    /// <summary>There will be no answer.</summary>
    public void Fail(RemoteFailure failure) => _answer.TrySetException(failure);

    /// <summary>Nobody wants the answer any more.</summary>
    public void Leave()
    {
        try
        {
            _left.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It was over at the same moment.
        }
    }

    public void Dispose() => _left.Dispose();
}
