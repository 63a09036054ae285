using System.Buffers;

namespace Tunnel.ProxyCore.Html;

/// <summary>Rewrites the URLs of one attribute value. The memory that it takes is used again for the next one.</summary>
internal sealed class AttributeValue
{
    private readonly DecodedText _text = new();
    private readonly DecodedText _url = new();
    private readonly CssScanner _css = new();
    private readonly List<UrlChange> _changes = [];

    /// <summary>Finds what changes in a value.</summary>
    /// <returns>How many URLs; none of them is written yet.</returns>
    public int Read(ReadOnlySpan<byte> written, UrlForm form, IUrlMap map)
    {
        _changes.Clear();
        Find(Decode(written), form, map);
        return _changes.Count;
    }

    /// <summary>The value as a browser sees it, with its references resolved.</summary>
    public ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> written)
    {
        _text.Clear();
        if (!written.Contains((byte)'&'))
        {
            return written;
        }

        CharacterReferences.Decode(written, _text);
        return _text.Bytes;
    }

    /// <summary>Writes the value with what <see cref="Read"/> has found.</summary>
    public void Write(ReadOnlySpan<byte> written, byte quote, IBufferWriter<byte> output)
    {
        var done = 0;
        foreach (var change in _changes)
        {
            output.Write(written[done.._text.WrittenAt(change.Start)]);
            CharacterReferences.Encode(change.Replacement, quote, output);
            done = _text.WrittenAt(change.End);
        }

        output.Write(written[done..]);
    }

    private void Find(ReadOnlySpan<byte> text, UrlForm form, IUrlMap map)
    {
        switch (form)
        {
            case UrlForm.Candidates:
                CandidateList.Find(text, map, _changes);
                break;
            case UrlForm.Css:
                FindInCss(text, map);
                break;
            case UrlForm.Refresh:
                var (start, length) = RefreshContent.Find(text).GetOffsetAndLength(text.Length);
                Add(UrlChange.Find(text.Slice(start, length), map), start);
                break;
            default:
                Add(UrlChange.Find(text, map), 0);
                break;
        }
    }

    private void FindInCss(ReadOnlySpan<byte> text, IUrlMap map)
    {
        _css.Reset();
        var (position, start) = (0, 0);
        while (_css.Next(text, ref position) is var found and not CssEvent.None)
        {
            if (found == CssEvent.UrlEnd)
            {
                Add(CssUrl.Find(text[start..position], map, _url), start);
            }

            start = position;
        }

        if (_css.EndsInUrl)
        {
            Add(CssUrl.Find(text[start..], map, _url), start);
        }
    }

    private void Add(UrlChange? change, int offset)
    {
        if (change is { } found)
        {
            _changes.Add(found with { Start = found.Start + offset, End = found.End + offset });
        }
    }
}
