namespace Tunnel.Tests.Origins;

/// <summary>One request as it came in on the wire. Its body has one reader at a time.</summary>
public sealed class RawRequest
{
    private readonly WireHead _head;
    private readonly WireBody _body;

    internal RawRequest(WireHead head, WireConnection connection)
    {
        _head = head;
        _body = new WireBody(connection, BodyFraming.OfRequest(head));
        var parts = head.StartLine.Split(' ');
        Method = parts[0];
        Target = parts.ElementAtOrDefault(1) ?? "";
    }

    public string Method { get; }

    /// <summary>The request target as it was written, neither decoded nor normalised.</summary>
    public string Target { get; }

    public string RequestLine => _head.StartLine;

    /// <summary>The request line, the headers and the empty line.</summary>
    public ReadOnlyMemory<byte> HeadBytes => _head.Bytes;

    /// <inheritdoc cref="WireHead.HeaderLines"/>
    public IReadOnlyList<string> HeaderLines => _head.HeaderLines;

    /// <summary>The content of the body read so far (its first 16 MiB).</summary>
    public ReadOnlyMemory<byte> Body => _body.Decoded;

    /// <summary>The body read so far as it was framed, chunk lines and trailers included (its first 16 MiB).</summary>
    public ReadOnlyMemory<byte> BodyWireBytes => _body.Wire;

    public IReadOnlyList<string> TrailerLines => _body.TrailerLines;

    /// <summary>Completes once the body was read to its end, by the handler or, after it, by the origin.</summary>
    public Task<WireEnd> BodyEnded => _body.Ended;

    /// <inheritdoc cref="WireHead.Header"/>
    public string? Header(string name) => _head.Header(name);

    /// <inheritdoc cref="WireHead.Headers"/>
    public IReadOnlyList<string> Headers(string name) => _head.Headers(name);

    /// <summary>The content that has come since the last read, as soon as there is any; none at the end.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyChunkAsync(CancellationToken cancellationToken = default) =>
        _body.ReadAsync(cancellationToken);

    /// <summary>The content that has not been read yet, to its end.</summary>
    public Task<byte[]> ReadBodyAsync(CancellationToken cancellationToken = default) => _body.ReadToEndAsync(cancellationToken);

    internal Task SkipBodyAsync(CancellationToken cancellationToken) => _body.SkipToEndAsync(cancellationToken);
}
