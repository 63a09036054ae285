using System.IO.Pipelines;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.ProxyCore.Transport;

/// <summary>
/// A WebSocket (RFC 6455) seen as a duplex byte pipe. SignalR's control connection and Kestrel's HTTP/2 data connection are both this.
/// Message boundaries carry no meaning: whatever the writer flushed while the previous send was under way leaves together.
/// </summary>
public sealed class WebSocketConnection : ConnectionContext, IConnectionLifetimeFeature, IConnectionItemsFeature, IDuplexPipe
{
    /// <summary>How long a closing side waits for its last bytes and the close frame to leave.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    /// <summary>More than four HTTP/2 frames of 16 KB with their heads, which else leave a few bytes for a message of their own.</summary>
    private const int SegmentBytes = 128 * 1024;

    /// <summary>With less room than this in a segment the next message begins another: many small ones share one, and a frame is seldom cut.</summary>
    private const int LeastRoom = 16 * 1024;

    // Bounded by the pause threshold: a peer that does not read stops the writer here, not in memory.
    private static readonly PipeOptions s_pipeOptions = new(
        pauseWriterThreshold: 512 * 1024,
        resumeWriterThreshold: 256 * 1024,
        minimumSegmentSize: SegmentBytes,
        useSynchronizationContext: false
    );

    private readonly WebSocket _webSocket;
    private readonly Pipe _incoming = new(s_pipeOptions);
    private readonly Pipe _outgoing = new(s_pipeOptions);
    private readonly CancellationTokenSource _closed = new();
    private readonly CancellationToken _closedToken;
    private readonly Http2Frames? _frames;
    private readonly Task _receiving;
    private readonly Task _sending;
    private TaskCompletionSource? _heard;
    private volatile bool _isPaused;
    private volatile bool _shallPing;

    /// <param name="webSocket">The WebSocket, owned from now on.</param>
    /// <param name="remoteEndPoint">Whom it was dialled to.</param>
    /// <param name="isHttp2Server">Whether what is written are the frames of an HTTP/2 server, so that pings may go in between.</param>
    public WebSocketConnection(WebSocket webSocket, EndPoint remoteEndPoint, bool isHttp2Server = false)
    {
        _webSocket = webSocket;
        _frames = isHttp2Server ? new Http2Frames() : null;
        // Taken once: somebody may ask after the connection was disposed.
        _closedToken = _closed.Token;
        RemoteEndPoint = remoteEndPoint;
        Transport = this;
        Features.Set<IConnectionLifetimeFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        _receiving = ReceiveAsync();
        _sending = SendAsync();
    }

    public PipeReader Input => _incoming.Reader;
    public PipeWriter Output => _outgoing.Writer;
    public override string ConnectionId { get; set; } = Guid.NewGuid().ToString("n");
    public override IFeatureCollection Features { get; } = new FeatureCollection();
    public override IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();
    public override IDuplexPipe Transport { get; set; }

    /// <summary>Signalled when no further byte will come from the peer.</summary>
    public override CancellationToken ConnectionClosed
    {
        get => _closedToken;
        set => throw new NotSupportedException("the connection owns its lifetime");
    }

    public override void Abort(ConnectionAbortedException abortReason) => _webSocket.Abort();

    /// <summary>Pings the peer over HTTP/2, besides whatever pings Kestrel sends on its own schedule, and waits for any sign of life.</summary>
    /// <returns>False when nothing came within the limit.</returns>
    public async Task<bool> AnswersAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_frames is null)
        {
            throw new InvalidOperationException("only an HTTP/2 connection can be pinged");
        }

        // Somebody who sends more than we take is alive; its answer would wait behind the rest.
        if (_isPaused)
        {
            return true;
        }

        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _heard, heard);
        _shallPing = true;
        _outgoing.Reader.CancelPendingRead();
        try
        {
            await heard.Task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await Output.CompleteAsync();
        await Input.CompleteAsync();

        // The sender closes the WebSocket when it has sent the rest; a peer that does not take it has CloseTimeout.
        using (var deadline = new CancellationTokenSource(CloseTimeout))
        await using (deadline.Token.Register(static state => ((WebSocket)state!).Abort(), _webSocket))
        {
            await _sending;
        }

        _webSocket.Abort();
        await _receiving;
        _webSocket.Dispose();
        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        var writer = _incoming.Writer;
        try
        {
            while (true)
            {
                var received = await _webSocket.ReceiveAsync(writer.GetMemory(LeastRoom), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                if (_heard is not null)
                {
                    Interlocked.Exchange(ref _heard, null)?.TrySetResult();
                }

                writer.Advance(received.Count);
                var flushing = writer.FlushAsync();
                _isPaused = !flushing.IsCompleted;
                if ((await flushing).IsCompleted)
                {
                    break;
                }

                _isPaused = false;
            }
        }
        catch (Exception broken) when (IsBrokenPeer(broken))
        {
            // Completing the pipe tells the reader; HTTP/2 and SignalR both know an unexpected end when they see one.
        }
        finally
        {
            await writer.CompleteAsync();
            await _closed.CancelAsync();
        }
    }

    private async Task SendAsync()
    {
        var reader = _outgoing.Reader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                foreach (var segment in result.Buffer)
                {
                    await _webSocket.SendAsync(segment, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                    _frames?.Pass(segment.Span);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (_shallPing && _frames is { IsBetweenFrames: true })
                {
                    _shallPing = false;
                    await _webSocket.SendAsync(Http2Frames.Ping, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                }

                if (result.IsCompleted)
                {
                    break;
                }
            }

            await _webSocket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, statusDescription: null, CancellationToken.None);
        }
        catch (Exception broken) when (IsBrokenPeer(broken))
        {
            _webSocket.Abort();
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static bool IsBrokenPeer(Exception exception) =>
        exception
            is WebSocketException
                or OperationCanceledException
                or IOException
                or ObjectDisposedException
                or InvalidOperationException;
}
