using System.Buffers;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Rewrites the URLs of an HTML document while it streams: in attributes, in <c>srcset</c>, in refreshes and in CSS. Everything else keeps
/// its bytes. Scripts, comments and the text of <c>noscript</c> are left alone. The encoding has to be one in which ASCII is ASCII: UTF-16
/// is for the caller to keep away. A value of more than <see cref="HeldStretch.Limit"/> bytes passes unread.
/// </summary>
internal sealed class HtmlRewriter : IBodyRewriter
{
    private readonly HtmlScanner _scanner = new();
    private readonly HeldStretch _held = new();
    private readonly AttributeValue _value = new();
    private readonly IUrlMap _documentMap;

    /// <summary>The same once a base has come in.</summary>
    private IUrlMap _map;
    private bool _hasBase;

    /// <summary>The style sheet that is under way, and where its text goes on in this piece.</summary>
    private CssRewriter? _style;
    private int _styleStart;

    /// <summary>The length of a <c>content</c> that is held until the rest of the tag has told whether it is a refresh.</summary>
    private int? _contentLength;

    /// <summary>Of the value that is held.</summary>
    private UrlForm _form;
    private byte _quote;
    private long _tooLongInStyles;

    public HtmlRewriter(IUrlMap map) => _documentMap = _map = map;

    /// <summary>How many URLs were changed.</summary>
    public long Changes { get; private set; }

    /// <inheritdoc cref="HeldStretch.TooLong"/>
    public long TooLong => _held.TooLong + _tooLongInStyles;

    /// <summary>Rewrites a document that is there in one.</summary>
    /// <returns>The changed document, or null when nothing changes.</returns>
    public static byte[]? Rewrite(ReadOnlySpan<byte> html, IUrlMap map)
    {
        var rewriter = new HtmlRewriter(map);
        var output = new ArrayBufferWriter<byte>(html.Length + 1);
        rewriter.Write(html, output);
        rewriter.Complete(output);
        return rewriter.Changes > 0 ? output.WrittenSpan.ToArray() : null;
    }

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        var position = 0;
        _styleStart = 0;
        _held.BeginPiece();
        while (_scanner.Next(input, ref position) is var found and not HtmlEvent.None)
        {
            switch (found)
            {
                case HtmlEvent.ValueStart when _contentLength is null:
                    _held.Hold(position);
                    break;
                case HtmlEvent.ValueEnd when _contentLength is null:
                    EndValue(input, position, output);
                    break;
                case HtmlEvent.TagEnd when _contentLength is { } length:
                    EndMeta(input, position, length, output);
                    break;
                case HtmlEvent.StyleStart or HtmlEvent.StyleDoubt or HtmlEvent.StyleGoesOn or HtmlEvent.StyleEnd:
                    FollowStyle(found, input, position, output);
                    break;
                default:
                    break;
            }
        }

        if (_style is not null && !_held.IsHolding)
        {
            _style.Write(input[_styleStart..], output);
            _held.Resume(input.Length);
        }

        _held.EndPiece(input, output);
    }

    public void Complete(IBufferWriter<byte> output)
    {
        _held.BeginPiece();
        if (_style is not null)
        {
            FollowStyle(HtmlEvent.StyleGoesOn, [], 0, output);
            EndStyle(output);
        }

        _held.Let(output);
    }

    private void EndValue(ReadOnlySpan<byte> input, int end, IBufferWriter<byte> output)
    {
        var tag = _scanner.Tag;
        (_form, _quote) = (tag.Form, tag.Quote);
        if (tag.Form == UrlForm.Refresh && !tag.IsRefresh)
        {
            _contentLength = _held.LengthAt(end);
        }
        else if (_held.TryTake(input, end, output, out var value))
        {
            // A base is relative to the document, not to another base; the first one counts, for what follows it.
            var isBase = tag.Form == UrlForm.Base;
            var next = isBase && !_hasBase ? _documentMap.Under(_value.Decode(value)) : _map;
            Change(value, value.Length, isBase ? _documentMap : _map, input, end, output);
            _hasBase |= isBase;
            _map = next;
        }
    }

    private void EndMeta(ReadOnlySpan<byte> input, int end, int contentLength, IBufferWriter<byte> output)
    {
        _contentLength = null;
        if (_scanner.Tag.IsRefresh && _held.TryTake(input, end, output, out var stretch))
        {
            Change(stretch, contentLength, _map, input, end, output);
        }
        else if (_held.IsHolding)
        {
            _held.Let(output);
        }
    }

    /// <summary>Decides about what is held: a value, and after a <c>content</c> perhaps the rest of its tag.</summary>
    private void Change(
        ReadOnlySpan<byte> stretch,
        int valueLength,
        IUrlMap decidingMap,
        ReadOnlySpan<byte> input,
        int end,
        IBufferWriter<byte> output
    )
    {
        var value = stretch[..valueLength];
        var count = _value.Read(value, _form, decidingMap);
        if (count == 0)
        {
            _held.Let(output);
            return;
        }

        _held.MakeRoom(input, output);
        _value.Write(value, _quote, output);
        output.Write(stretch[valueLength..]);
        _held.Resume(end);
        Changes += count;
    }

    private void FollowStyle(HtmlEvent found, ReadOnlySpan<byte> input, int position, IBufferWriter<byte> output)
    {
        switch (found)
        {
            case HtmlEvent.StyleStart:
                _held.PassTo(input, position, output);
                _style = new CssRewriter(_scanner.Tag.OpensHtml ? _map : new ReferringUrlMap(_map));
                break;
            case HtmlEvent.StyleDoubt:
                _style!.Write(input[_styleStart..position], output);
                _held.Resume(position);
                _held.Hold(position);
                break;
            case HtmlEvent.StyleGoesOn when _held.TryTake(input, position, output, out var text):
                _style!.Write(text, output);
                _held.Resume(position);
                break;
            case HtmlEvent.StyleEnd:
                EndStyle(output);
                _held.Let(output);
                break;
            default:
                break;
        }

        _styleStart = position;
    }

    private void EndStyle(IBufferWriter<byte> output)
    {
        _style!.Complete(output);
        Changes += _style.Changes;
        _tooLongInStyles += _style.TooLong;
        _style = null;
    }
}
