using System.Threading.Channels;

namespace Tunnel.Tests.Origins;

/// <summary>Answers every request with an event stream, into which the test sends the events.</summary>
public sealed class SseOrigin : IAsyncDisposable
{
    /// <summary>Bounds <see cref="NextStreamAsync"/>. A stream beyond it opens all the same, and waits to be handed out.</summary>
    private const int QueueLength = 4096;

    private readonly RawHttpOrigin _origin;
    private readonly string _head;
    private readonly Channel<SseStream> _streams = Channel.CreateBounded<SseStream>(QueueLength);

    private SseOrigin(string[] headerLines)
    {
        string[] lines =
        [
            "HTTP/1.1 200 OK",
            "Content-Type: text/event-stream",
            "Cache-Control: no-cache",
            .. headerLines,
            "Transfer-Encoding: chunked",
        ];
        _head = string.Join("\r\n", lines) + "\r\n\r\n";
        _origin = RawHttpOrigin.Start(ServeAsync);
    }

    public int Port => _origin.Port;

    public Uri BaseAddress => _origin.BaseAddress;

    /// <summary>Streams that neither side has ended yet.</summary>
    public CountSignal OpenStreams { get; } = new();

    /// <param name="headerLines">More lines for the head of every answer, for example <c>Mcp-Session-Id: 1</c>.</param>
    public static SseOrigin Start(params string[] headerLines) => new(headerLines);

    /// <summary>The next stream that this method has not returned yet; its response head has been sent.</summary>
    public Task<SseStream> NextStreamAsync(CancellationToken cancellationToken) => _streams.Reader.ReadAsync(cancellationToken).AsTask();

    public ValueTask DisposeAsync() => _origin.DisposeAsync();

    private async Task ServeAsync(RawRequest request, RawConnection connection)
    {
        await request.ReadBodyAsync();
        await connection.SendAsync(_head);

        var stream = new SseStream(request, connection);
        OpenStreams.Increment();
        try
        {
            await _streams.Writer.WriteAsync(stream);
            await stream.Ended;
        }
        finally
        {
            OpenStreams.Decrement();
        }
    }
}
