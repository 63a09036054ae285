using System.Buffers;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>
/// The lines of a request as they were before compression. What is coded can be a thousand times as long as it looks, so both lengths have a limit,
/// and nothing beyond it is decoded.
/// </summary>
internal sealed class BatchBody : IDisposable
{
    private const int FirstBytes = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int _length;

    public ReadOnlySpan<byte> Lines => _buffer.AsSpan(0, _length);

    /// <exception cref="IngestRefusedException">It is too long, or not what its headers say.</exception>
    public async Task ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > IngestProtocol.MaxBytes)
        {
            throw new IngestRefusedException(IngestProblem.TooLarge);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = IngestProtocol.MaxBytes;
        }

        try
        {
            await using var lines = Decode(request);
            await ReadAsync(lines, cancellationToken);
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new IngestRefusedException(IngestProblem.TooLarge);
        }
        catch (Exception garbage) when (garbage is InvalidDataException or InvalidOperationException)
        {
            throw new IngestRefusedException(IngestProblem.Malformed("the body is not what Content-Encoding says"));
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private static Stream Decode(HttpRequest request) =>
        request.Headers.ContentEncoding.ToString() switch
        {
            "" or "identity" => request.Body,
            "gzip" => new GZipStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            "br" => new BrotliStream(request.Body, CompressionMode.Decompress, leaveOpen: true),
            _ => throw new IngestRefusedException(IngestProblem.Malformed("Content-Encoding is none of gzip, br and identity")),
        };

    private async Task ReadAsync(Stream lines, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (_length == _buffer.Length)
            {
                Grow();
            }

            var read = await lines.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (read == 0)
            {
                return;
            }

            _length += read;
            if (_length > IngestProtocol.MaxPlainBytes)
            {
                throw new IngestRefusedException(IngestProblem.TooLarge);
            }
        }
    }

    private void Grow()
    {
        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
