using System.Text;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// HTTP+SSE of the revision 2024-11-05: one stream on which all answers come, whose first event says where to post. When it breaks the
/// server has forgotten everything, so it is opened again and the session begun again as the client began it.
/// </summary>
internal sealed partial class EventsEndpoint : IRemoteEndpoint
{
    /// <summary>How long a server may take to say where to post.</summary>
    private static readonly TimeSpan s_openLimit = TimeSpan.FromSeconds(30);

    private readonly RemoteParts _parts;
    private readonly Greeting _greeting = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _opening = new(1);
    private readonly RemoteBackoff _backoff = new();
    private readonly Lock _lock = new();
    private volatile Uri? _target;
    private OpenStream? _used;
    private Task _reopening = Task.CompletedTask;

    public EventsEndpoint(RemoteParts parts)
    {
        _parts = parts;
    }

    public async Task SendAsync(RpcMessage message, RemoteCall? call, CancellationToken cancellationToken)
    {
        var target = await OpenAsync(cancellationToken);
        _greeting.Note(message);
        await PostAsync(target, message, call, cancellationToken);
        if (call is not null)
        {
            await call.Answer.WaitAsync(_parts.Options.CallLimit, _parts.Time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await (_used?.Reading ?? Task.CompletedTask);
        await _reopening;
        _stopping.Dispose();
        _opening.Dispose();
    }

    private async Task PostAsync(Uri target, RpcMessage message, RemoteCall? call, CancellationToken cancellationToken)
    {
        using var response = await _parts.Http.SendAsync(() => RemoteReply.Post(target, message), cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        if (call is not null && await RemoteReply.FindErrorAsync(response, _parts.Time, cancellationToken) is { } error)
        {
            await _parts.Client.TakeAsync(error.With(error.Id, call.Request.IdText));
            return;
        }

        throw new RemoteFailure(ErrorCatalog.RemoteRefused, RemoteReply.StatusOf(response));
    }

    /// <summary>Where to post, with a stream to hear from.</summary>
    private async Task<Uri> OpenAsync(CancellationToken cancellationToken)
    {
        if (_target is { } open)
        {
            return open;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            return _target ?? await OpenStreamAsync(cancellationToken);
        }
        finally
        {
            _opening.Release();
        }
    }

    private async Task<Uri> OpenStreamAsync(CancellationToken cancellationToken)
    {
        var response = await _parts.Http.SendAsync(NewRequest, cancellationToken);
        if (!RemoteReply.IsEvents(response))
        {
            using (response)
            {
                throw new RemoteFailure(ErrorCatalog.RemoteRefused, $"{RemoteReply.StatusOf(response)}, and no event stream");
            }
        }

        var stream = new OpenStream(_stopping.Token);
        stream.Reading = ReadAsync(response, stream);
        try
        {
            var target = await stream.Announced.Task.WaitAsync(s_openLimit, _parts.Time, cancellationToken);
            if (_greeting.IsComplete)
            {
                await BeginAgainAsync(target, cancellationToken);
            }

            Use(stream, target);
            return target;
        }
        catch
        {
            await stream.LeaveAsync();
            throw;
        }
    }

    private void Use(OpenStream stream, Uri target)
    {
        lock (_lock)
        {
            if (stream.HasEnded)
            {
                throw Lost();
            }

            (_used, _target) = (stream, target);
        }
    }

    private async Task ReadAsync(HttpResponseMessage response, OpenStream stream)
    {
        var since = _parts.Time.GetTimestamp();
        try
        {
            using (response)
            {
                var body = await response.Content.ReadAsStreamAsync(stream.Left);
                var events = new EventSource(body, _parts.Options.MaxMessage, silence: null, _parts.Time);
                await events.ReadAsync((type, data) => TakeAsync(type, data, stream.Announced), stream.Left);
            }
        }
        catch (OperationCanceledException)
        {
            // The end of it all, or nobody uses it.
            stream.Announced.TrySetCanceled();
            return;
        }
        catch (Exception broken) when (RemoteFailure.Of(broken) is not null)
        {
            // The same as an end.
        }

        if (_parts.Time.GetElapsedTime(since) > RemoteBackoff.Steady)
        {
            _backoff.Reset();
        }

        Lose(stream);
    }

    private ValueTask TakeAsync(string type, ReadOnlyMemory<byte> data, TaskCompletionSource<Uri> announced)
    {
        if (type != "endpoint")
        {
            return type == "message" ? _parts.Client.TakeAsync(data) : ValueTask.CompletedTask;
        }

        var url = _parts.Options.Url;
        // Headers and tokens are for this server and no other.
        if (Uri.TryCreate(url, Encoding.UTF8.GetString(data.Span).Trim(), out var target) && ServerOrigin.IsSame(target, url))
        {
            announced.TrySetResult(target);
        }
        else
        {
            announced.TrySetException(new RemoteFailure(ErrorCatalog.UpstreamInvalid, "the server says to post elsewhere"));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>The stream is gone, and with it the answers to all that was asked.</summary>
    private void Lose(OpenStream stream)
    {
        bool wasUsed;
        lock (_lock)
        {
            stream.HasEnded = true;
            wasUsed = _used == stream;
            if (wasUsed)
            {
                (_used, _target) = (null, null);
            }
        }

        var lost = Lost();
        stream.Announced.TrySetException(lost);
        foreach (var call in _parts.Calls.All.Where(call => wasUsed || call.IsOwn))
        {
            call.Fail(lost);
        }

        // One that was never used is tried again by whoever has opened it, or not at all; a loop for each of them would be twice as many with every try.
        if (wasUsed)
        {
            stream.Dispose();
            _reopening = _greeting.IsComplete ? ReopenAsync() : Task.CompletedTask;
        }
    }

    private static RemoteFailure Lost() => new(ErrorCatalog.UpstreamInvalid, "the server's event stream ended");

    /// <summary>What the server has to say of its own accord comes on this stream only, so it is not left closed until the next request.</summary>
    private async Task ReopenAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                Log.Reopening(_parts.Logger);
                await Task.Delay(_backoff.Next(), _parts.Time, _stopping.Token);
                await OpenAsync(_stopping.Token);
                return;
            }
            catch (Exception failed) when (RemoteFailure.Of(failed) is not null || failed is OperationCanceledException)
            {
                // Until it works, or until the end.
            }
        }
    }

    private async Task BeginAgainAsync(Uri target, CancellationToken cancellationToken)
    {
        await AskAsync(target, _greeting.Initialize(), cancellationToken);
        await PostAsync(target, _greeting.Initialized, call: null, cancellationToken);
        foreach (var request in _greeting.Replay())
        {
            await AskAsync(target, request, cancellationToken);
        }
    }

    private async Task AskAsync(Uri target, RpcMessage request, CancellationToken cancellationToken)
    {
        using var call = new RemoteCall(request, isOwn: true, cancellationToken);
        _parts.Calls.TryAdd(call);
        try
        {
            await PostAsync(target, request, call, cancellationToken);
            await call.Answer.WaitAsync(s_openLimit, _parts.Time, cancellationToken);
        }
        finally
        {
            _parts.Calls.Remove(call);
        }
    }

    private HttpRequestMessage NewRequest()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, _parts.Options.Url);
        request.Headers.Accept.ParseAdd("text/event-stream");
        return request;
    }

    /// <summary>A stream that is read, before and while it is the one in use.</summary>
    private sealed class OpenStream : IDisposable
    {
        private readonly CancellationTokenSource _left;

        public OpenStream(CancellationToken stopping)
        {
            _left = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Left = _left.Token;
        }

        public CancellationToken Left { get; }

        /// <summary>Where to post, once the server has said so.</summary>
        public TaskCompletionSource<Uri> Announced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reading { get; set; } = Task.CompletedTask;

        public bool HasEnded { get; set; }

        /// <summary>Nobody uses it.</summary>
        public async Task LeaveAsync()
        {
            await _left.CancelAsync();
            await Reading;
            Dispose();
        }

        public void Dispose() => _left.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(2305, LogLevel.Information, "the server's event stream ended; opening another one")]
        public static partial void Reopening(ILogger logger);
    }
}
