using System.Net;
using System.Net.Http.Headers;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Bridge.Web;

/// <summary>An event stream as the body of a response: whoever reads it gets every event when it is there.</summary>
internal sealed class EventStreamBody(EventStream stream, EventStreamReader reader) : ReadOnlyStream
{
    private ReadOnlyMemory<byte> _frame;

    /// <summary>Called when the client has left, or all of it is sent.</summary>
    public Action? Left { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of nothing asks whether there is something.
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_frame.IsEmpty)
        {
            if (stream.TryNext(reader, out _frame))
            {
                if (_frame.IsEmpty)
                {
                    return 0;
                }

                break;
            }

            await reader.Signal.WaitAsync(cancellationToken);
        }

        var count = Math.Min(buffer.Length, _frame.Length);
        _frame[..count].CopyTo(buffer);
        _frame = _frame[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Leave(reader);
            Left?.Invoke();
            Left = null;
        }

        base.Dispose(disposing);
    }
}

/// <summary>The content of a response that is an event stream.</summary>
internal sealed class EventStreamContent : HttpContent
{
    private readonly EventStreamBody _body;

    public EventStreamContent(EventStreamBody body)
    {
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue("text/event-stream");
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_body);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _body.CopyToAsync(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
        }

        base.Dispose(disposing);
    }
}
