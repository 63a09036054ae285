using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// A server on the network, as if it were a program that speaks over standard input and output: the reverse of the bridge.
/// <code>
///   standard input ─► RemoteServer ─┬─► StreamableEndpoint   sessions, 2025-03-26 to 2025-11-25
///                                   ├─► EventsEndpoint       HTTP+SSE, 2024-11-05
///   standard output ◄─ LocalClient ◄┴─► StatelessEndpoint    2026-07-28
/// </code>
/// </summary>
public sealed partial class RemoteServer : IAsyncDisposable
{
    /// <summary>How long a notification may take before the next message overtakes it.</summary>
    private static readonly TimeSpan s_orderLimit = TimeSpan.FromSeconds(5);

    /// <summary>How long the end may take, of which 2 s are for the server. Somebody who does not read standard output must not keep us.</summary>
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(5);

    private readonly RemoteParts _parts;
    private readonly CallRoom _room;
    private readonly SessionEndpoint _sessions;
    private readonly StatelessEndpoint _stateless;
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly CancellationTokenSource _ending = new();

    /// <param name="options">The server and its limits.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="login">Where tokens come from; null when the client has to do without.</param>
    /// <param name="time">By what the limits go.</param>
    /// <param name="logger">What happens on the way, for people.</param>
    public RemoteServer(RemoteServerOptions options, Stream output, IRemoteLogin? login, TimeProvider time, ILogger<RemoteServer> logger)
    {
        var calls = new RemoteCalls();
        _parts = new RemoteParts(
            options,
            new RemoteHttp(options, login, time, logger),
            new LocalClient(output, calls, logger),
            calls,
            time,
            logger
        );
        _room = new CallRoom(options.MaxCalls, options.MaxMessage);
        _sessions = new SessionEndpoint(_parts);
        _stateless = new StatelessEndpoint(_parts);
    }

    /// <summary>Serves the client until its input ends and all is answered, or until it is stopped.</summary>
    public async Task RunAsync(Stream input, CancellationToken stopping)
    {
        await using var stop = stopping.Register(_ending.Cancel);
        try
        {
            await TakeLinesAsync(input, _ending.Token);
            await FinishAsync(_ending.Token);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to end.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        try
        {
            await EndAsync().WaitAsync(s_endLimit, _parts.Time);
        }
        catch (TimeoutException)
        {
            // What still runs ends with the program.
        }
    }

    private async Task EndAsync()
    {
        await Task.WhenAll(_running.Keys);
        await _sessions.DisposeAsync();
        await _stateless.DisposeAsync();
        _parts.Http.Dispose();
        _parts.Client.Dispose();
        _room.Dispose();
        _ending.Dispose();
    }

    private async Task TakeLinesAsync(Stream input, CancellationToken stopping)
    {
        var lines = new LineReader(input, _parts.Options.MaxMessage);
        var tooLong = 0L;
        // A read of standard input cannot be taken back; it is left alone at the end.
        while (await lines.ReadAsync(CancellationToken.None).AsTask().WaitAsync(stopping) is { } line)
        {
            var text = ServerLine.Trim(line);
            if (BridgeRequest.Messages(text) is { } messages)
            {
                foreach (var message in messages)
                {
                    await TakeAsync(message, stopping);
                }
            }
            else if (!text.IsEmpty)
            {
                await _parts.Client.SayAsync(Answers.Error("null"u8.ToArray(), -32700, "Parse error: the line is no JSON-RPC message"));
            }

            if (lines.TooLong > tooLong)
            {
                tooLong = lines.TooLong;
                Log.TooLong(_parts.Logger, _parts.Options.MaxMessage);
            }
        }
    }

    private Task TakeAsync(RpcMessage message, CancellationToken stopping) =>
        message.IsRequest ? CallAsync(message, stopping)
        : message.Method == "notifications/cancelled" ? CancelAsync(message, stopping)
        : NotifyAsync(message, stopping);

    private async Task CallAsync(RpcMessage request, CancellationToken stopping)
    {
        await _room.EnterAsync(request.Text.Length, stopping);
        var call = new RemoteCall(request, isOwn: false, stopping);
        if (!_parts.Calls.TryAdd(call))
        {
            call.Dispose();
            _room.Leave(request.Text.Length);
            await _parts.Client.SayAsync(Answers.Error(request.IdText, -32600, "Invalid request: the id is in use"));
            return;
        }

        var running = Track(RunAsync(call));
        if (request.Method == "initialize")
        {
            // Nothing can be sent before the session is there, and clients need not wait for that.
            await running;
        }
    }

    private async Task RunAsync(RemoteCall call)
    {
        try
        {
            await _room.WaitAsync(call.Left);
            try
            {
                await EndpointOf(call.Request).SendAsync(call.Request, call, call.Left);
            }
            finally
            {
                _room.Release();
            }

            if (!call.IsAnswered)
            {
                await _parts.Client.FailAsync(call, ErrorCatalog.UpstreamInvalid, "the response ended without the answer");
            }
        }
        catch (OperationCanceledException) when (call.Left.IsCancellationRequested)
        {
            // Who left gets no answer.
        }
        catch (Exception failed) when (RemoteFailure.Of(failed) is { } failure)
        {
            await _parts.Client.FailAsync(call, failure.Error, failure.Detail);
        }
        catch (Exception unforeseen)
        {
            // A client waits for every answer, and one request that cannot be made is no reason to end the others.
            Log.Unforeseen(_parts.Logger, unforeseen, call.Request.Method);
            await _parts.Client.FailAsync(call, ErrorCatalog.OwnFault, detail: null);
        }
        finally
        {
            _parts.Calls.Remove(call);
            _room.Leave(call.Request.Text.Length);
            call.Dispose();
        }
    }

    private async Task CancelAsync(RpcMessage notification, CancellationToken stopping)
    {
        var call = _parts.Calls.Find(notification.Bytes(notification.Find(notification.Params, "requestId"u8)));
        if (call is null || !StatelessEndpoint.IsFor(call.Request))
        {
            await NotifyAsync(notification, stopping);
        }

        // In the revision 2026-07-28 closing the response is how it is said.
        call?.Leave();
    }

    /// <summary>Sends what has no answer. The next message waits for it, so that the server gets them in their order.</summary>
    private async Task NotifyAsync(RpcMessage message, CancellationToken stopping)
    {
        try
        {
            await Track(SendAsync(message, stopping)).WaitAsync(s_orderLimit, _parts.Time, stopping);
        }
        catch (TimeoutException)
        {
            // It is still on its way.
        }
    }

    private async Task SendAsync(RpcMessage message, CancellationToken stopping)
    {
        try
        {
            await EndpointOf(message).SendAsync(message, call: null, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The end of it all.
        }
        catch (Exception failed) when (RemoteFailure.Of(failed) is { } failure)
        {
            Log.NotSent(_parts.Logger, message.Method ?? "an answer", failure.Error.Title, failure.Detail);
        }
        catch (Exception unforeseen)
        {
            Log.Unforeseen(_parts.Logger, unforeseen, message.Method ?? "an answer");
        }
    }

    private IRemoteEndpoint EndpointOf(RpcMessage message) => StatelessEndpoint.IsFor(message) ? _stateless : _sessions;

    private Task Track(Task task)
    {
        // Bounded by the room for calls, and by one notification at a time.
        _running[task] = true;
        _ = task.ContinueWith(
            ended => _running.TryRemove(ended, out _),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
        return task;
    }

    /// <summary>Standard input has ended: what was asked is still answered, for a while.</summary>
    private async Task FinishAsync(CancellationToken stopping)
    {
        foreach (var lasting in _parts.Calls.All.Where(call => call.IsLasting))
        {
            lasting.Leave();
        }

        try
        {
            await Task.WhenAll(_running.Keys).WaitAsync(_parts.Options.ClosingLimit, _parts.Time, stopping);
        }
        catch (TimeoutException)
        {
            Log.Unanswered(_parts.Logger, _parts.Calls.All.Count());
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2306, LogLevel.Warning, "passed over a line of more than {Bytes} bytes")]
        public static partial void TooLong(ILogger logger, int bytes);

        [LoggerMessage(2307, LogLevel.Warning, "the server did not get {Method}: {Reason} ({Detail})")]
        public static partial void NotSent(ILogger logger, string method, string reason, string? detail);

        [LoggerMessage(2308, LogLevel.Warning, "standard input has ended; {Calls} requests are left without an answer")]
        public static partial void Unanswered(ILogger logger, int calls);

        [LoggerMessage(2310, LogLevel.Error, "mcpr itself failed at {Method}")]
        public static partial void Unforeseen(ILogger logger, Exception cause, string? method);
    }
}
