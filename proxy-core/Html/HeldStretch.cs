using System.Buffers;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Passes pieces of a stream through, all but one stretch at a time, which is held until it is clear what becomes of it. A stretch that gets
/// too long passes unread.
/// </summary>
internal sealed class HeldStretch
{
    /// <summary>Bytes held at most. Far above any URL that a server takes (8 KB is usual), and enough for most inlined pictures in CSS.</summary>
    public const int Limit = 64 * 1024;

    /// <summary>The part of the stretch that came in earlier pieces.</summary>
    private readonly ArrayBufferWriter<byte> _earlier = new();

    private int _start;
    private int _passed;

    public bool IsHolding { get; private set; }

    /// <summary>How many stretches were too long to be read. Inlined data, which is often long and never a matter of rewriting, does not count.</summary>
    public long TooLong { get; private set; }

    /// <summary>A new piece begins.</summary>
    public void BeginPiece() => _start = _passed = 0;

    /// <summary>The piece ends: writes what has to pass, and keeps the rest.</summary>
    public void EndPiece(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        if (IsHolding && LengthAt(piece.Length) > Limit)
        {
            GiveUp(piece, output);
        }

        if (IsHolding)
        {
            Write(piece[_passed.._start], output);
            _earlier.Write(piece[_start..]);
        }
        else
        {
            Write(piece[_passed..], output);
        }
    }

    /// <summary>What comes from here on is held.</summary>
    public void Hold(int position)
    {
        IsHolding = true;
        _start = position;
    }

    /// <summary>Nothing is held, and what has come in up to a position passes now.</summary>
    public void PassTo(ReadOnlySpan<byte> piece, int position, IBufferWriter<byte> output)
    {
        Write(piece[_passed..position], output);
        _passed = position;
    }

    public int LengthAt(int position) => _earlier.WrittenCount + position - _start;

    /// <summary>The stretch up to a position, in one. False if nothing is held any more, or if it is too long and passes.</summary>
    public bool TryTake(ReadOnlySpan<byte> piece, int end, IBufferWriter<byte> output, out ReadOnlySpan<byte> stretch)
    {
        stretch = default;
        if (IsHolding && LengthAt(end) > Limit)
        {
            GiveUp(piece, output);
        }

        if (!IsHolding)
        {
            return false;
        }

        if (_earlier.WrittenCount == 0)
        {
            stretch = piece[_start..end];
            return true;
        }

        _earlier.Write(piece[_start..end]);
        _start = _passed = end;
        stretch = _earlier.WrittenSpan;
        return true;
    }

    /// <summary>Something else is written for the stretch, by the caller and after this.</summary>
    public void MakeRoom(ReadOnlySpan<byte> piece, IBufferWriter<byte> output) => Write(piece[_passed.._start], output);

    /// <summary>The stretch up to a position has been dealt with, and bytes pass again.</summary>
    public void Resume(int position)
    {
        IsHolding = false;
        _earlier.ResetWrittenCount();
        _passed = position;
    }

    /// <summary>The stretch passes as it is.</summary>
    public void Let(IBufferWriter<byte> output)
    {
        IsHolding = false;
        Write(_earlier.WrittenSpan, output);
        _earlier.ResetWrittenCount();
    }

    private static void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (!bytes.IsEmpty)
        {
            output.Write(bytes);
        }
    }

    private void GiveUp(ReadOnlySpan<byte> piece, IBufferWriter<byte> output)
    {
        var head = _earlier.WrittenCount > 0 ? _earlier.WrittenSpan : piece[_start..];
        if (!(head.Length >= 5 && Ascii.EqualsIgnoreCase(head[..5], "data:"u8)))
        {
            TooLong++;
        }

        Let(output);
    }
}
