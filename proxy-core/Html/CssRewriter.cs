using System.Buffers;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Rewrites the URLs of a style sheet while it streams. Everything else keeps its bytes. The encoding has to be one in which ASCII is
/// ASCII: UTF-16 is for the caller to keep away. A URL of more than <see cref="HeldStretch.Limit"/> bytes passes unread.
/// </summary>
internal sealed class CssRewriter(IUrlMap map) : IBodyRewriter
{
    private readonly CssScanner _scanner = new();
    private readonly HeldStretch _held = new();
    private readonly DecodedText _decoded = new();

    /// <summary>How many URLs were changed.</summary>
    public long Changes { get; private set; }

    /// <inheritdoc cref="HeldStretch.TooLong"/>
    public long TooLong => _held.TooLong;

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var position = 0;
        _held.BeginPiece();
        while (_scanner.Next(input, ref position) is var found and not CssEvent.None)
        {
            switch (found)
            {
                case CssEvent.UrlStart:
                    _held.Hold(position);
                    break;
                case CssEvent.UrlEnd:
                    TakeUrl(input, position, output);
                    break;
                default:
                    _held.Let(output);
                    break;
            }
        }

        _held.EndPiece(input, output);
    }

    public void Complete(IBufferWriter<byte> output)
    {
        _held.BeginPiece();
        if (_scanner.EndsInUrl)
        {
            TakeUrl([], 0, output);
        }

        _held.Let(output);
    }

    private void TakeUrl(ReadOnlySpan<byte> input, int end, IBufferWriter<byte> output)
    {
        if (!_held.TryTake(input, end, output, out var url))
        {
            return;
        }

        if (CssUrl.Find(url, map, _decoded) is not { } change)
        {
            _held.Let(output);
            return;
        }

        _held.MakeRoom(input, output);
        output.Write(url[..change.Start]);
        output.Write(change.Replacement);
        output.Write(url[change.End..]);
        _held.Resume(end);
        Changes++;
    }
}
