namespace Tunnel.ProxyCore.Html;

/// <summary>What stands before a string or a parenthesis in CSS, and makes a URL of it: <c>@import</c>, <c>url(</c>, <c>image-set(</c>.</summary>
internal sealed class CssSurroundings
{
    private Rule _rule;
    private int _imageSetDepth;

    private enum Rule : byte
    {
        Other,

        /// <summary>The next string or URL is that of a style sheet.</summary>
        Import,

        /// <summary>What looks like a URL is a name.</summary>
        Namespace,
    }

    /// <summary>The word that is read just now.</summary>
    public CssWord Word { get; } = new();

    /// <summary>Whether a rule goes on that ends at a semicolon or a brace.</summary>
    public bool IsInRule => _rule != Rule.Other;

    public bool MakesStringsUrls => _rule == Rule.Import || _imageSetDepth == 1;

    public void Reset()
    {
        Word.Clear();
        (_rule, _imageSetDepth) = (Rule.Other, 0);
    }

    /// <summary>The word was behind an at sign.</summary>
    public void BeginRule()
    {
        _rule =
            Word.Is("import"u8) ? Rule.Import
            : Word.Is("namespace"u8) ? Rule.Namespace
            : Rule.Other;
        Word.Spoil();
    }

    public void EndRule() => _rule = Rule.Other;

    /// <returns>Whether the word before it makes a URL of what follows.</returns>
    public bool OpenParenthesis()
    {
        if (Word.Is("url"u8))
        {
            return true;
        }

        if (_imageSetDepth > 0)
        {
            _imageSetDepth++;
        }
        else if (Word.Is("image-set"u8) || Word.Is("-webkit-image-set"u8))
        {
            _imageSetDepth = 1;
        }

        return false;
    }

    public void CloseParenthesis() => _imageSetDepth -= _imageSetDepth > 0 ? 1 : 0;

    /// <summary>The parenthesis of <c>url("</c> is closed like any other, that of <c>url(</c> is not seen.</summary>
    public void OpenUrlWithQuotes() => _imageSetDepth += _imageSetDepth > 0 ? 1 : 0;

    /// <param name="isUrl">Whether it looks like one.</param>
    /// <returns>Whether it is one; an import has no second.</returns>
    public bool TakeUrl(bool isUrl)
    {
        var isTaken = isUrl && _rule != Rule.Namespace;
        _rule = _rule == Rule.Import ? Rule.Other : _rule;
        return isTaken;
    }
}
