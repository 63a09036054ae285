using System.Globalization;
using System.Text;

namespace Tunnel.Tests.Origins;

/// <summary>Reads one body by its framing, keeping both what it says and how it was written.</summary>
internal sealed class WireBody
{
    private static readonly byte[] s_lineEnd = "\r\n"u8.ToArray();

    private readonly WireConnection _connection;
    private readonly BodyFraming _framing;
    private readonly ByteRecord _decoded = new();
    private readonly ByteRecord _wire = new();
    private readonly List<string> _trailerLines = [];
    private readonly TaskCompletionSource<WireEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _remaining;
    private bool _insideChunk;

    public WireBody(WireConnection connection, BodyFraming framing)
    {
        _connection = connection;
        _framing = framing;
        _remaining = framing.By == BodyFraming.Kind.Close ? long.MaxValue : framing.Length;
        if (framing is { By: BodyFraming.Kind.Length, Length: 0 })
        {
            SetEnd(WireEnd.Complete);
        }
    }

    public Task<WireEnd> Ended => _ended.Task;

    /// <summary>How the body ended; null before that.</summary>
    public WireEnd? End { get; private set; }

    /// <summary>The content read so far, without its framing.</summary>
    public byte[] Decoded => _decoded.ToArray();

    /// <summary>The bytes read so far: chunk lines and trailers included.</summary>
    public byte[] Wire => _wire.ToArray();

    public IReadOnlyList<string> TrailerLines => _trailerLines;

    /// <summary>The content that has come since, as soon as there is any; none at the end.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (End is not null)
        {
            return default;
        }

        if (_framing.By == BodyFraming.Kind.Chunks && _remaining == 0 && !await EnterChunkAsync(cancellationToken))
        {
            return default;
        }

        var bytes = await _connection.ReceiveAsync(_remaining, cancellationToken);
        if (bytes.Length == 0)
        {
            await EndEarlyAsync();
            return default;
        }

        _wire.Append(bytes);
        _decoded.Append(bytes);
        _remaining -= bytes.Length;
        if (_remaining == 0 && _framing.By == BodyFraming.Kind.Length)
        {
            SetEnd(WireEnd.Complete);
        }

        return bytes;
    }

    /// <summary>The content from here to the end.</summary>
    public async Task<byte[]> ReadToEndAsync(CancellationToken cancellationToken)
    {
        using var rest = new MemoryStream();
        while (End is null)
        {
            rest.Write((await ReadAsync(cancellationToken)).Span);
        }

        return rest.ToArray();
    }

    public async Task SkipToEndAsync(CancellationToken cancellationToken)
    {
        while (End is null)
        {
            await ReadAsync(cancellationToken);
        }
    }

    /// <summary>Reads what stands between two chunks. False at the last one, or where the connection ends.</summary>
    private async ValueTask<bool> EnterChunkAsync(CancellationToken cancellationToken)
    {
        if (_insideChunk && await ReadLineAsync(cancellationToken) is null)
        {
            return false;
        }

        _insideChunk = false;
        if (await ReadLineAsync(cancellationToken) is not { } sizeLine)
        {
            return false;
        }

        _remaining = long.Parse(sizeLine.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        _insideChunk = _remaining > 0;
        if (!_insideChunk)
        {
            await ReadTrailersAsync(cancellationToken);
        }

        return _insideChunk;
    }

    private async Task ReadTrailersAsync(CancellationToken cancellationToken)
    {
        while (await ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                SetEnd(WireEnd.Complete);
                return;
            }

            _trailerLines.Add(line);
        }
    }

    private async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        if (await _connection.ReceiveThroughAsync(s_lineEnd, cancellationToken) is not { } line)
        {
            await EndEarlyAsync();
            return null;
        }

        _wire.Append(line);
        return Encoding.Latin1.GetString(line, 0, line.Length - s_lineEnd.Length);
    }

    private void SetEnd(WireEnd end)
    {
        End = end;
        _ended.SetResult(end);
    }

    private async Task EndEarlyAsync()
    {
        var connectionEnd = await _connection.Closed;
        SetEnd(
            (connectionEnd, _framing.By) switch
            {
                (ConnectionEnd.Closed, BodyFraming.Kind.Close) => WireEnd.Complete,
                (ConnectionEnd.Closed, _) => WireEnd.Truncated,
                _ => WireEnd.Reset,
            }
        );
    }
}
