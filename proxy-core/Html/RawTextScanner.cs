namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Looks for the end tag of an element whose content is text: <c>title</c>, <c>style</c>, <c>script</c> and their like (WHATWG HTML 13.2.5.9
/// to 13.2.5.31). In a script, <c>&lt;!--&lt;script&gt;</c> makes the next <c>&lt;/script&gt;</c> a part of the text.
/// </summary>
internal sealed class RawTextScanner
{
    private static readonly PackedName s_script = PackedName.Of("script");

    private PackedName _element;
    private PackedName _name;
    private bool _isScript;
    private bool _tellsText;
    private State _state;
    private Escape _escape;
    private int _dashes;

    private enum State : byte
    {
        Text,
        AtLessThan,
        LessThan,
        EndTagOpen,
        EndTagName,
        EscapeStart,
        EscapeStartDash,
        DoubleEscapeStart,
        DoubleEscapeEnd,
    }

    private enum Escape : byte
    {
        None,
        Single,
        Double,
    }

    /// <summary>The content of an element begins.</summary>
    /// <param name="name">Of the element, and so of the end tag to look for.</param>
    /// <param name="isScript">Whether comments and tags inside can hide the end tag.</param>
    /// <param name="tellsText">Whether the events of a style element's text are wanted.</param>
    public void Begin(in PackedName name, bool isScript, bool tellsText)
    {
        (_element, _isScript, _tellsText) = (name, isScript, tellsText);
        (_state, _escape, _dashes) = (State.Text, Escape.None, 0);
    }

    /// <returns>
    /// <see cref="HtmlEvent.TagEnd"/> behind the name of the end tag. Where the text is told: <see cref="HtmlEvent.StyleDoubt"/>, then
    /// <see cref="HtmlEvent.StyleGoesOn"/> or <see cref="HtmlEvent.StyleEnd"/>.
    /// </returns>
    public HtmlEvent Next(ReadOnlySpan<byte> input, ref int position)
    {
        while (position < input.Length)
        {
            if (_state == State.Text)
            {
                SkipText(input, ref position);
                if (_state == State.AtLessThan && _tellsText)
                {
                    return HtmlEvent.StyleDoubt;
                }
            }
            else if (_state == State.EndTagName && IsEndOfName(input[position]) && _name.Equals(_element))
            {
                return _tellsText ? HtmlEvent.StyleEnd : HtmlEvent.TagEnd;
            }
            else
            {
                position += Take(input[position]) ? 1 : 0;
                if (_state == State.Text && _tellsText)
                {
                    return HtmlEvent.StyleGoesOn;
                }
            }
        }

        return HtmlEvent.None;
    }

    private static bool IsEndOfName(byte value) => value is (byte)'>' or (byte)'/' || HtmlSpace.Is(value);

    private void SkipText(ReadOnlySpan<byte> input, ref int position)
    {
        if (_dashes > 0)
        {
            TakeAfterDash(input[position], ref position);
            return;
        }

        var rest = input[position..];
        var distance = _escape == Escape.None ? rest.IndexOf((byte)'<') : rest.IndexOfAny((byte)'<', (byte)'-');
        if (distance < 0)
        {
            position = input.Length;
        }
        else if (rest[distance] == (byte)'-')
        {
            _dashes = 1;
            position += distance + 1;
        }
        else
        {
            _state = State.AtLessThan;
            position += distance;
        }
    }

    /// <summary><c>--&gt;</c> ends what <c>&lt;!--</c> has begun.</summary>
    private void TakeAfterDash(byte value, ref int position)
    {
        if (value == (byte)'<')
        {
            (_state, _dashes) = (State.AtLessThan, 0);
            return;
        }

        position++;
        if (value == (byte)'-')
        {
            _dashes = 2;
            return;
        }

        _escape = value == (byte)'>' && _dashes == 2 ? Escape.None : _escape;
        _dashes = 0;
    }

    /// <returns>False where the byte has to be looked at again in the new state.</returns>
    private bool Take(byte value)
    {
        var isLetter = char.IsAsciiLetter((char)value);
        switch (_state)
        {
            case State.AtLessThan:
                _state = State.LessThan;
                return true;
            case State.LessThan when value == (byte)'/':
                _state = _escape == Escape.Double ? State.DoubleEscapeEnd : State.EndTagOpen;
                _name = default;
                return true;
            case State.LessThan when value == (byte)'!' && _isScript && _escape == Escape.None:
                _state = State.EscapeStart;
                return true;
            case State.LessThan when isLetter && _escape == Escape.Single:
                _state = State.DoubleEscapeStart;
                _name = default;
                return false;
            case State.EndTagOpen when isLetter:
                _state = State.EndTagName;
                return false;
            case State.EndTagName when isLetter && _name.Length < _element.Length:
            case State.DoubleEscapeStart or State.DoubleEscapeEnd when isLetter:
                _name.Append(value);
                return true;
            case State.EscapeStart when value == (byte)'-':
                _state = State.EscapeStartDash;
                return true;
            case State.EscapeStartDash when value == (byte)'-':
                (_state, _escape, _dashes) = (State.Text, Escape.Single, 2);
                return true;
            case State.DoubleEscapeStart or State.DoubleEscapeEnd when IsEndOfName(value):
                _escape = _name.Equals(s_script) == (_state == State.DoubleEscapeStart) ? Escape.Double : Escape.Single;
                _state = State.Text;
                return true;
            default:
                _state = State.Text;
                return false;
        }
    }
}
