using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>
/// The answer to a POST with one request: a JSON body where the response comes at once and alone, which costs everybody on the way least, and an
/// event stream, which can be resumed, otherwise.
/// </summary>
/// <param name="open">Opens the stream.</param>
/// <param name="time">The clock.</param>
internal sealed class PromptTarget(Func<EventStream> open, TimeProvider time) : ICallTarget
{
    /// <summary>How long a response may take to be alone. Until then a client that loses its connection has nothing to resume.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private EventStream? _stream;
    private bool _isAlone;

    /// <summary>The stream, opened for what the server has to say before its response; null when there was nothing.</summary>
    public EventStream? Stream
    {
        get
        {
            StartStream();
            return _stream;
        }
    }

    /// <summary>Waits until it is clear what the answer looks like.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _answer.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            StartStream();
            return await _answer.Task;
        }
        catch (OperationCanceledException)
        {
            if (!_answer.TrySetCanceled(cancellationToken))
            {
                (await _answer.Task).Dispose();
            }

            throw;
        }
    }

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message) => Stream?.SendAsync(message) ?? ValueTask.CompletedTask;

    public async ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response)
    {
        if (EndAlone(response) is { } stream)
        {
            await stream.SendAsync(response);
            stream.End();
        }
    }

    public ValueTask FailAsync(ServerCall call, ProxyError error) => EndAsync(call, Answers.Failure(call.IdText, error));

    /// <returns>The stream, where there is one: then it has to end there.</returns>
    private EventStream? EndAlone(ReadOnlyMemory<byte> response)
    {
        lock (_lock)
        {
            if (_stream is null)
            {
                _isAlone = true;
                _answer.TrySetResult(Answers.Json(response));
            }

            return _stream;
        }
    }

    private void StartStream()
    {
        lock (_lock)
        {
            if (_isAlone || _stream is not null)
            {
                return;
            }

            _stream = open();
            var body = _stream.Read();
            if (!_answer.TrySetResult(Answers.Events(body)))
            {
                // The client has left.
                body.Dispose();
            }
        }
    }
}
