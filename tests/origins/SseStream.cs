using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Tunnel.Tests.Origins;

/// <summary>One open event stream. Sends are the caller's to order: one at a time.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "An event stream is what it is.")]
public sealed class SseStream
{
    private static readonly byte[] s_lineEnd = "\r\n"u8.ToArray();
    private static readonly byte[] s_lastChunk = "0\r\n\r\n"u8.ToArray();

    private readonly RawConnection _connection;
    private readonly TaskCompletionSource _completed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SseStream(RawRequest request, RawConnection connection)
    {
        Request = request;
        _connection = connection;
    }

    /// <summary>The request that opened the stream. Its body has been read.</summary>
    public RawRequest Request { get; }

    /// <summary>Completes when the caller went away, or with <see cref="Abort"/>.</summary>
    public Task<ConnectionEnd> Closed => _connection.Closed;

    internal Task Ended => Task.WhenAny(_completed.Task, Closed);

    /// <summary>Sends this text in UTF-8 and one chunk, for example <c>"data: hello\n\n"</c>.</summary>
    public Task SendAsync(string rawEventText, CancellationToken cancellationToken) =>
        SendAsync(Encoding.UTF8.GetBytes(rawEventText), cancellationToken);

    /// <summary>Sends these bytes in one chunk; they need not be a whole event.</summary>
    public Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{bytes.Length:x}"), .. s_lineEnd, .. bytes.Span, .. s_lineEnd];
        return _connection.SendAsync(chunk, cancellationToken);
    }

    /// <summary>Ends the stream as it should end; the connection stays open.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await _connection.SendAsync(s_lastChunk, cancellationToken);
        _completed.TrySetResult();
    }

    /// <summary>Resets the connection in the middle of the stream.</summary>
    public void Abort() => _connection.Abort();
}
