using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Relay.Team.Ingest;

/// <summary>
/// The body of a request, received first and decoded then, so that whoever is slow holds no more than what has come. What is coded can be a thousand times
/// as long as it looks, so both lengths have a limit, and nothing beyond it is decoded.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class BatchBody(TimeProvider time) : IDisposable
{
    /// <summary>How long a body may take to come.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>How long one may take that is slower than <see cref="MinBytesPerSecond"/>.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Any way to the Internet is faster; whoever sends less only keeps others from sending.</summary>
    public const int MinBytesPerSecond = 4 * 1024;

    private readonly GrowingBuffer _coded = new();
    private readonly GrowingBuffer _lines = new();

    /// <summary>After <see cref="Decode"/>.</summary>
    public ReadOnlySpan<byte> Lines => _lines.Written;

    /// <exception cref="IngestRefusedException">It is too long, too slow, or broken on its way.</exception>
    public async Task ReceiveAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > IngestProtocol.MaxBytes)
        {
            throw new IngestRefusedException(IngestProblem.TooLarge);
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = IngestProtocol.MaxBytes;
        }

        var start = time.GetTimestamp();
        using var limit = new CancellationTokenSource(Grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            while (await _coded.ReadAsync(request.Body, IngestProtocol.MaxBytes, either.Token))
            {
                limit.CancelAfter(LeftAfter(time.GetElapsedTime(start), _coded.Written.Length));
            }
        }
        catch (BadHttpRequestException refused)
        {
            throw new IngestRefusedException(
                refused.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => IngestProblem.TooLarge,
                    StatusCodes.Status408RequestTimeout => IngestProblem.TooSlow,
                    _ => IngestProblem.Malformed("the body is not framed as HTTP has it"),
                }
            );
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new IngestRefusedException(IngestProblem.TooSlow);
        }
    }

    /// <param name="coding">What <c>Content-Encoding</c> says.</param>
    /// <exception cref="IngestRefusedException">It is too long, or not what its header says.</exception>
    public void Decode(string coding)
    {
        using var lines = Open(coding);
        try
        {
            while (_lines.Read(lines, IngestProtocol.MaxPlainBytes))
            {
                // More may come.
            }
        }
        catch (Exception garbage) when (garbage is InvalidDataException or InvalidOperationException)
        {
            throw new IngestRefusedException(IngestProblem.Malformed("the body is not what Content-Encoding says"));
        }
    }

    public void Dispose()
    {
        _coded.Dispose();
        _lines.Dispose();
    }

    private Stream Open(string coding) =>
        coding switch
        {
            "" or "identity" => _coded.Open(),
            "gzip" => new GZipStream(_coded.Open(), CompressionMode.Decompress),
            "br" => new BrotliStream(_coded.Open(), CompressionMode.Decompress),
            _ => throw new IngestRefusedException(IngestProblem.Malformed("Content-Encoding is none of gzip, br and identity")),
        };

    /// <summary>How long to wait for more.</summary>
    private static TimeSpan LeftAfter(TimeSpan elapsed, int bytes)
    {
        var inAll = Grace + TimeSpan.FromSeconds((double)bytes / MinBytesPerSecond);
        var left = (inAll < Limit ? inAll : Limit) - elapsed;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
