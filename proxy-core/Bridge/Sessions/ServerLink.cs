using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>
/// A running server and the requests it works on. Clients choose ids as they like, and two may choose the same; towards the server every
/// request has a number of its own, which is also its progress token. Both are put back on the way to the client, byte for byte.
/// </summary>
internal sealed class ServerLink
{
    private readonly ServerProcess _process;
    private readonly ILinkListener _listener;
    private readonly BridgeMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<long, ServerCall> _calls = new();
    private long _lastNumber;
    private volatile bool _isClosed;

    public ServerLink(ServerProcess process, ILinkListener listener, BridgeMetrics metrics, TimeProvider time)
    {
        _process = process;
        _listener = listener;
        _metrics = metrics;
        _time = time;
        StartedAt = time.GetTimestamp();
        Closed = ReadAsync();
    }

    public bool IsOpen => !_isClosed;

    /// <summary>Ends when the server is gone and everybody knows.</summary>
    public Task Closed { get; }

    public long StartedAt { get; }

    public ServerProcess Process => _process;

    /// <summary>What it works on, in no order.</summary>
    public IEnumerable<ServerCall> Calls => _calls.Values;

    /// <summary>Hands a request over. What comes of it, failures too, goes to the target of the call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="request">The request, whose id and progress token are replaced.</param>
    /// <param name="cancellationToken">The caller lost interest before it was sent.</param>
    public async ValueTask CallAsync(ServerCall call, RpcMessage request, CancellationToken cancellationToken)
    {
        call.Number = Interlocked.Increment(ref _lastNumber);
        call.LastSign = _time.GetTimestamp();
        var number = Encoding.ASCII.GetBytes(call.Number.ToString(CultureInfo.InvariantCulture));
        var edits = new JsonEdits();
        edits.Replace(request.Id.Start, request.Id.Length, number);
        if (call.Token.Exists)
        {
            edits.Replace(call.Token.Start, call.Token.Length, number);
        }

        _calls[call.Number] = call;
        if (_isClosed || !await TryWriteAsync(request.With(edits), cancellationToken))
        {
            _calls.TryRemove(call.Number, out _);
            await call.FailAsync(ErrorCatalog.ServerEnded);
        }
    }

    /// <summary>Sends a notification or a response, as it is.</summary>
    /// <returns>Whether the server could take it.</returns>
    public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        TryWriteAsync(message, cancellationToken);

    /// <summary>The call that a client calls by its own id.</summary>
    public ServerCall? Find(object owner, ReadOnlySpan<byte> idText)
    {
        foreach (var call in _calls.Values)
        {
            if (call.Owner == owner && call.IdText.Span.SequenceEqual(idText))
            {
                return call;
            }
        }

        return null;
    }

    /// <summary>The request that the server most likely means when it asks or tells something: of one owner, or of anybody, the newest.</summary>
    public ServerCall? Newest(object? owner = null) =>
        _calls.Values.Where(call => owner is null || call.Owner == owner).MaxBy(call => call.Number);

    /// <summary>Calls of an owner of which nothing was heard for longer than a limit.</summary>
    public IReadOnlyList<ServerCall> Overdue(TimeSpan limit, object? owner = null) =>
        [.. _calls.Values.Where(call => (owner is null || call.Owner == owner) && _time.GetElapsedTime(call.LastSign) > limit)];

    /// <summary>Ends a call that takes too long, on both sides.</summary>
    public async Task GiveUpAsync(ServerCall call)
    {
        await CancelAsync(call, CancellationToken.None);
        await call.FailAsync(ErrorCatalog.UpstreamTimeout);
    }

    /// <summary>Tells the server to stop working on a call. Whatever it still says about it is dropped.</summary>
    public async ValueTask CancelAsync(ServerCall call, CancellationToken cancellationToken)
    {
        if (_calls.TryRemove(call.Number, out _))
        {
            await SendAsync(
                Encoding.UTF8.GetBytes(
                    $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{call.Number}}}}}"""
                ),
                cancellationToken
            );
        }
    }

    public Task StopAsync() => _process.StopAsync();

    private async ValueTask<bool> TryWriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WriteAsync(OneLine.Of(message), cancellationToken);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task ReadAsync()
    {
        // The constructor is to return first.
        await Task.Yield();
        try
        {
            await TakeLinesAsync();
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The pipe broke with the process, or something that the process started still holds it.
        }
        finally
        {
            await CloseAsync();
        }
    }

    private async Task TakeLinesAsync()
    {
        var output = _process.Output;
        var tooLong = 0L;
        while (await output.ReadAsync(_process.Gone) is { } line)
        {
            var messages = ServerLine.Read(line);
            if (messages.Count == 0 && !ServerLine.Trim(line).IsEmpty)
            {
                _metrics.Dropped(Dropped.Noise);
            }

            foreach (var message in messages)
            {
                await TakeAsync(message);
            }

            if (output.TooLong > tooLong)
            {
                _metrics.Dropped(Dropped.TooLong, output.TooLong - tooLong);
                tooLong = output.TooLong;
            }
        }
    }

    private async Task CloseAsync()
    {
        _isClosed = true;
        foreach (var call in _calls.Values)
        {
            await call.FailAsync(ErrorCatalog.ServerEnded);
        }

        _calls.Clear();
        // A server that closed its output has nothing more to say, whether it knows or not.
        await _process.DisposeAsync();
        _listener.Closed(this);
    }

    private ValueTask TakeAsync(RpcMessage message) =>
        message.IsResponse ? EndAsync(message)
        : message.Method == "notifications/progress" ? ProgressAsync(message)
        : message.IsNotification && SubscriptionOf(message) is { Exists: true } subscription ? NotifySubscriberAsync(message, subscription)
        : _listener.ReceiveAsync(this, message);

    private ValueTask EndAsync(RpcMessage response)
    {
        if (response.Number(response.Id) is not { } number || !_calls.TryRemove(number, out var call))
        {
            _metrics.Dropped(Dropped.Unmatched);
            return ValueTask.CompletedTask;
        }

        var edits = new JsonEdits();
        edits.Replace(response.Id.Start, response.Id.Length, call.IdText);
        if (SubscriptionIn(response, response.Result) is { Exists: true } subscription)
        {
            edits.Replace(subscription.Start, subscription.Length, call.IdText);
        }

        return call.EndAsync(response.With(edits));
    }

    private ValueTask ProgressAsync(RpcMessage progress)
    {
        var token = progress.Find(progress.Params, "progressToken"u8);
        if (!token.Exists || progress.Number(token) is not { } number || !_calls.TryGetValue(number, out var call) || !call.Token.Exists)
        {
            _metrics.Dropped(Dropped.Unmatched);
            return ValueTask.CompletedTask;
        }

        call.LastSign = _time.GetTimestamp();
        return call.NotifyAsync(progress.With(token, call.TokenText));
    }

    private ValueTask NotifySubscriberAsync(RpcMessage notification, JsonSpan subscription)
    {
        if (notification.Number(subscription) is not { } number || !_calls.TryGetValue(number, out var call))
        {
            _metrics.Dropped(Dropped.Unmatched);
            return ValueTask.CompletedTask;
        }

        return call.NotifyAsync(notification.With(subscription, call.IdText));
    }

    private static JsonSpan SubscriptionOf(RpcMessage message) => SubscriptionIn(message, message.Params);

    private static JsonSpan SubscriptionIn(RpcMessage message, JsonSpan inside) =>
        message.Find(inside, "_meta"u8, "io.modelcontextprotocol/subscriptionId"u8);
}
