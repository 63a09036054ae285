namespace Tunnel.ProxyCore.Configuration.Toml;

/// <summary>A place in a TOML text, and what every part of the grammar needs there.</summary>
internal sealed class TomlCursor(string text)
{
    /// <summary>Stands for the end. The character itself is not allowed anywhere in TOML.</summary>
    public const char End = '\0';

    private int _position;

    /// <summary>The line of the next character, from 1.</summary>
    public int Line { get; private set; } = 1;

    public bool IsAtEnd => _position >= text.Length;

    public bool IsAtLineEnd => IsAtEnd || Next == '\n' || (Next == '\r' && PeekAt(1) == '\n');

    public char Next => PeekAt(0);

    public char PeekAt(int offset) => _position + offset < text.Length ? text[_position + offset] : End;

    public char Take()
    {
        if (IsAtEnd)
        {
            throw Fail("the file ends in the middle of something");
        }

        var taken = text[_position++];
        if (taken == '\n')
        {
            Line++;
        }

        return taken;
    }

    public bool TryTake(string expected)
    {
        if (string.CompareOrdinal(text, _position, expected, 0, expected.Length) != 0)
        {
            return false;
        }

        _position += expected.Length;
        return true;
    }

    public void Expect(char expected)
    {
        if (Next != expected)
        {
            throw Fail($"expected '{expected}' but found {Found()}");
        }

        Take();
    }

    /// <summary>Takes characters as long as they belong.</summary>
    public string TakeWhile(Func<char, bool> belongs)
    {
        var start = _position;
        while (!IsAtEnd && belongs(Next))
        {
            Take();
        }

        return text[start.._position];
    }

    public void SkipSpaces()
    {
        while (Next is ' ' or '\t')
        {
            Take();
        }
    }

    /// <summary>Spaces, comments and line ends.</summary>
    public void SkipBlank()
    {
        while (true)
        {
            SkipSpaces();
            SkipComment();
            if (IsAtEnd || !IsAtLineEnd)
            {
                return;
            }

            TakeLineEnd();
        }
    }

    /// <summary>What may follow a value or header: spaces, a comment, the end of the line.</summary>
    public void ExpectLineEnd()
    {
        SkipSpaces();
        SkipComment();
        if (!IsAtLineEnd)
        {
            throw Fail($"expected the end of the line but found {Found()}");
        }

        if (!IsAtEnd)
        {
            TakeLineEnd();
        }
    }

    /// <summary>Takes a newline as it stands, which is <c>\n</c> or <c>\r\n</c>.</summary>
    public string TakeLineEnd()
    {
        if (Next == '\r')
        {
            Take();
            Take();
            return "\r\n";
        }

        Take();
        return "\n";
    }

    public TomlException Fail(string message) => new(message, Line);

    public string Found() =>
        IsAtEnd ? "the end of the file"
        : IsAtLineEnd ? "the end of the line"
        : IsControl(Next) ? $"the control character U+{(int)Next:X4}"
        : $"'{Next}'";

    /// <summary>Control characters other than tab are allowed nowhere.</summary>
    public static bool IsControl(char character) => character is < ' ' and not '\t' or '\x7f';

    private void SkipComment()
    {
        if (Next != '#')
        {
            return;
        }

        while (!IsAtLineEnd)
        {
            if (IsControl(Next))
            {
                throw Fail($"a comment cannot have {Found()}");
            }

            Take();
        }
    }
}
