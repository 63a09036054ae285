using System.Globalization;

namespace Tunnel.Tests.Origins;

/// <summary>One response as it came in on the wire. Its body has one reader at a time.</summary>
public sealed class RawResponse
{
    private readonly WireHead _head;
    private readonly WireBody _body;

    internal RawResponse(WireHead head, IReadOnlyList<WireHead> interim, WireConnection connection, string requestMethod)
    {
        _head = head;
        StatusCode = StatusCodeOf(head);
        Interim = interim;
        _body = new WireBody(connection, BodyFraming.OfResponse(head, StatusCode, requestMethod));
    }

    public string StatusLine => _head.StartLine;

    public int StatusCode { get; }

    /// <summary>The status line, the headers and the empty line.</summary>
    public ReadOnlyMemory<byte> HeadBytes => _head.Bytes;

    /// <inheritdoc cref="WireHead.HeaderLines"/>
    public IReadOnlyList<string> HeaderLines => _head.HeaderLines;

    /// <summary>The 1xx responses that came before this one.</summary>
    public IReadOnlyList<WireHead> Interim { get; }

    /// <summary>The body read so far as it was framed, chunk lines and trailers included (its first 16 MiB).</summary>
    public ReadOnlyMemory<byte> BodyWireBytes => _body.Wire;

    public IReadOnlyList<string> TrailerLines => _body.TrailerLines;

    /// <summary>How the body ended; null until it was read to its end.</summary>
    public WireEnd? Ended => _body.End;

    /// <inheritdoc cref="WireHead.Header"/>
    public string? Header(string name) => _head.Header(name);

    /// <inheritdoc cref="WireHead.Headers"/>
    public IReadOnlyList<string> Headers(string name) => _head.Headers(name);

    /// <summary>The content that has come since the last read, as soon as there is any; none at the end.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyChunkAsync(CancellationToken cancellationToken) => _body.ReadAsync(cancellationToken);

    /// <summary>The content that has not been read yet, to its end. Look at <see cref="Ended"/> then.</summary>
    public Task<byte[]> ReadBodyAsync(CancellationToken cancellationToken) => _body.ReadToEndAsync(cancellationToken);

    /// <summary>Reads <c>HTTP/1.1 200 OK</c>.</summary>
    internal static int StatusCodeOf(WireHead head) => int.Parse(head.StartLine.Split(' ')[1], CultureInfo.InvariantCulture);
}
