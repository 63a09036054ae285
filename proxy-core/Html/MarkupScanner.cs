namespace Tunnel.ProxyCore.Html;

/// <summary>
/// Finds tags in markup, past text, comments, doctypes and CDATA sections (WHATWG HTML 13.2.5). It remembers where in a construct a piece
/// ended and never looks back.
/// </summary>
internal sealed class MarkupScanner
{
    private State _state;
    private int _matched;

    private enum State : byte
    {
        Text,
        TagOpen,
        EndTagOpen,
        DeclarationOpen,
        DeclarationDash,
        CdataOpen,
        ToGreaterThan,
        CommentStart,
        CommentStartDash,
        Comment,
        CommentEndDash,
        CommentEnd,
        CommentEndBang,
        Cdata,
        CdataBracket,
        CdataEnd,
    }

    /// <summary>Whether the tag that was found last is an end tag.</summary>
    public bool IsEndTag { get; private set; }

    private static ReadOnlySpan<byte> CdataStart => "[CDATA["u8;

    /// <summary>Looks for the next tag.</summary>
    /// <param name="takesCdata">Whether CDATA sections exist here: only inside SVG and MathML.</param>
    /// <returns>Whether there is one; the position is the first letter of its name.</returns>
    public bool TryFindTag(ReadOnlySpan<byte> input, ref int position, bool takesCdata)
    {
        while (position < input.Length)
        {
            switch (_state)
            {
                case State.Text:
                    Skip(input, ref position, (byte)'<', State.TagOpen);
                    break;
                case State.TagOpen or State.EndTagOpen when char.IsAsciiLetter((char)input[position]):
                    IsEndTag = _state == State.EndTagOpen;
                    _state = State.Text;
                    return true;
                case State.TagOpen:
                    OpenTag(input[position], ref position);
                    break;
                case State.EndTagOpen:
                    _state = State.ToGreaterThan;
                    break;
                case State.DeclarationOpen or State.DeclarationDash or State.CdataOpen:
                    Declare(input[position], ref position, takesCdata);
                    break;

                // A doctype ends there as well, even inside its quotes.
                case State.ToGreaterThan:
                    Skip(input, ref position, (byte)'>', State.Text);
                    break;
                case State.Comment:
                    Skip(input, ref position, (byte)'-', State.CommentEndDash);
                    break;
                case State.Cdata:
                    Skip(input, ref position, (byte)']', State.CdataBracket);
                    break;
                default:
                    _state = EndOf(_state, input[position++]);
                    break;
            }
        }

        return false;
    }

    private void Skip(ReadOnlySpan<byte> input, ref int position, byte mark, State next)
    {
        var distance = input[position..].IndexOf(mark);
        if (distance < 0)
        {
            position = input.Length;
            return;
        }

        position += distance + 1;
        _state = next;
    }

    private void OpenTag(byte value, ref int position)
    {
        (_state, var isTaken) = value switch
        {
            (byte)'/' => (State.EndTagOpen, true),
            (byte)'!' => (State.DeclarationOpen, true),
            (byte)'?' => (State.ToGreaterThan, true),
            _ => (State.Text, false),
        };
        position += isTaken ? 1 : 0;
    }

    private void Declare(byte value, ref int position, bool takesCdata)
    {
        (_state, var isTaken) = (_state, value) switch
        {
            (State.DeclarationOpen, (byte)'-') => (State.DeclarationDash, true),
            (State.DeclarationDash, (byte)'-') => (State.CommentStart, true),
            (State.DeclarationOpen, (byte)'[') when takesCdata => (State.CdataOpen, true),
            (State.CdataOpen, _) when value == CdataStart[_matched] => (
                _matched == CdataStart.Length - 1 ? State.Cdata : State.CdataOpen,
                true
            ),
            _ => (State.ToGreaterThan, false),
        };
        _matched = _state == State.CdataOpen ? _matched + 1 : 0;
        position += isTaken ? 1 : 0;
    }

    private static State EndOf(State state, byte value) =>
        (state, value) switch
        {
            (State.CommentStart, (byte)'-') => State.CommentStartDash,
            (State.CommentStart or State.CommentStartDash or State.CommentEnd or State.CommentEndBang, (byte)'>') => State.Text,
            (State.CommentStartDash or State.CommentEndDash or State.CommentEnd, (byte)'-') => State.CommentEnd,
            (State.CommentEnd, (byte)'!') => State.CommentEndBang,
            (State.CommentEndBang, (byte)'-') => State.CommentEndDash,
            (State.CdataBracket or State.CdataEnd, (byte)']') => State.CdataEnd,
            (State.CdataEnd, (byte)'>') => State.Text,
            (State.CdataBracket or State.CdataEnd, _) => State.Cdata,
            _ => State.Comment,
        };
}
