using System.Net;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Sessions;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Bridge.Modern;

/// <summary>
/// The answer to one POST of the revision 2026-07-28: a JSON body with the status that belongs to it where the response comes soon and alone,
/// an event stream otherwise.
/// </summary>
internal sealed class ModernTarget : ICallTarget
{
    /// <summary>How long to wait for a response that comes alone. Errors that have a status of their own come at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource<HttpResponseMessage> _response = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly EventStream _stream;
    private readonly bool _acceptsEvents;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private bool _isStream;

    public ModernTarget(bool acceptsEvents, int maxEvents, BridgeMetrics metrics, TimeProvider time)
    {
        _acceptsEvents = acceptsEvents;
        _time = time;
        _stream = new ResumableStreams(maxEvents, metrics, time, hasIds: false).Own;
    }

    /// <summary>Whether errors of the server have the status 200, as in earlier revisions.</summary>
    public bool AnswersErrorsWithOk { get; init; }

    /// <summary>Called when the client has left; not when it has got all of it.</summary>
    public Action? Left { get; set; }

    /// <summary>Waits until it is clear what the answer looks like.</summary>
    public async Task<HttpResponseMessage> AnswerAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _response.Task.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            StartStream();
            return await _response.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Left?.Invoke();
            throw;
        }
    }

    public ValueTask NotifyAsync(ReadOnlyMemory<byte> message)
    {
        StartStream();
        // Without a stream there is no place for what comes before the response.
        return _acceptsEvents ? _stream.SendAsync(message) : ValueTask.CompletedTask;
    }

    public ValueTask EndAsync(ServerCall call, ReadOnlyMemory<byte> response) => EndAsync(response);

    public ValueTask FailAsync(ServerCall call, ProxyError error) => FailAsync(call.IdText, error);

    public async ValueTask FailAsync(ReadOnlyMemory<byte> id, ProxyError error)
    {
        if (!TryEndAlone(Answers.Json(Answers.Failure(id, error), (HttpStatusCode)error.Status)))
        {
            await EndAsync(Answers.Failure(id, error));
        }
    }

    public async ValueTask EndAsync(ReadOnlyMemory<byte> response)
    {
        if (!TryEndAlone(Answers.Json(response, AnswersErrorsWithOk ? HttpStatusCode.OK : StatusOf(response))))
        {
            await _stream.SendAsync(response);
            _stream.End();
        }
    }

    private bool TryEndAlone(HttpResponseMessage response)
    {
        lock (_lock)
        {
            if (_isStream)
            {
                return false;
            }

            _stream.End();
            return _response.TrySetResult(response);
        }
    }

    private void StartStream()
    {
        lock (_lock)
        {
            if (_isStream || !_acceptsEvents || _stream.HasEnded)
            {
                return;
            }

            _isStream = true;
            var body = _stream.Read();
            body.Left = () =>
            {
                if (!_stream.HasEnded)
                {
                    Left?.Invoke();
                }
            };
            _response.TrySetResult(Answers.Events(body));
        }
    }

    private static HttpStatusCode StatusOf(ReadOnlyMemory<byte> response)
    {
        var message = RpcMessage.Read(response);
        var code = message?.Find(message.Error, "code"u8) ?? default;
        return code.Exists ? Refusals.StatusOf((int)(message!.Number(code) ?? 0)) : HttpStatusCode.OK;
    }
}
