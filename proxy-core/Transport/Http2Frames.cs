using System.Buffers.Binary;

namespace Tunnel.ProxyCore.Transport;

/// <summary>
/// Follows the frames (RFC 9113 section 4.1) that an HTTP/2 server sends, to know where a frame of somebody else may go in between:
/// <c>00 00 08 | 06 | 00 | 00 00 00 00 | …</c> is length, type, flags, stream and payload.
/// </summary>
internal sealed class Http2Frames
{
    private const int HeaderBytes = 9;
    private const byte HeadersType = 0x1;
    private const byte ContinuationType = 0x9;
    private const byte EndHeaders = 0x4;

    /// <summary>A frame that the peer has to answer (RFC 9113 section 6.7).</summary>
    public static readonly ReadOnlyMemory<byte> Ping = new byte[] { 0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

    private readonly byte[] _header = new byte[HeaderBytes];
    private int _headerBytes;
    private int _payloadLeft;
    private bool _isInHeaderBlock;
    private bool _hasBegun;

    /// <summary>
    /// Whether the next byte begins a frame that may be of any kind. Not before the first, which has to be SETTINGS, nor within the frames of
    /// one header block.
    /// </summary>
    public bool IsBetweenFrames => _hasBegun && _headerBytes == 0 && _payloadLeft == 0 && !_isInHeaderBlock;

    /// <summary>Takes notice of the next bytes that were sent.</summary>
    public void Pass(ReadOnlySpan<byte> sent)
    {
        while (!sent.IsEmpty)
        {
            if (_payloadLeft > 0)
            {
                var payload = Math.Min(_payloadLeft, sent.Length);
                _payloadLeft -= payload;
                sent = sent[payload..];
                continue;
            }

            var header = Math.Min(HeaderBytes - _headerBytes, sent.Length);
            sent[..header].CopyTo(_header.AsSpan(_headerBytes));
            _headerBytes += header;
            sent = sent[header..];
            if (_headerBytes == HeaderBytes)
            {
                Begin();
            }
        }
    }

    private void Begin()
    {
        _headerBytes = 0;
        _hasBegun = true;
        _payloadLeft = (int)(BinaryPrimitives.ReadUInt32BigEndian(_header) >> 8);
        _isInHeaderBlock = _header[3] is HeadersType or ContinuationType && (_header[4] & EndHeaders) == 0;
    }
}
