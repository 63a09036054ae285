using System.Buffers;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>Puts an element where a page begins to load things: first in its head, after everything that may stand before.</summary>
internal sealed class ScriptInsertion(byte[] element) : IBodyRewriter
{
    /// <summary>A page that has not begun after so many bytes, all of them comments, is left alone.</summary>
    private const int MaxPrologue = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _held = new();
    private bool _isDone;

    /// <summary>The page with the element in it.</summary>
    public static byte[] Insert(ReadOnlySpan<byte> html, byte[] element)
    {
        var at = FindPlace(html, isWhole: true) ?? 0;
        return [.. html[..at], .. element, .. html[at..]];
    }

    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (_isDone)
        {
            output.Write(input);
            return;
        }

        _held.Write(input);
        if (FindPlace(_held.WrittenSpan, isWhole: false) is { } at)
        {
            Release(at, output);
        }
        else if (_held.WrittenCount > MaxPrologue)
        {
            _isDone = true;
            output.Write(_held.WrittenSpan);
        }
    }

    public void Complete(IBufferWriter<byte> output)
    {
        if (!_isDone)
        {
            Release(FindPlace(_held.WrittenSpan, isWhole: true) ?? 0, output);
        }
    }

    private void Release(int at, IBufferWriter<byte> output)
    {
        _isDone = true;
        output.Write(_held.WrittenSpan[..at]);
        output.Write(element);
        output.Write(_held.WrittenSpan[at..]);
    }

    /// <summary>The place after byte order mark, space, comments, doctype and the start tags of html and head; null if it is not there yet.</summary>
    private static int? FindPlace(ReadOnlySpan<byte> html, bool isWhole)
    {
        var at = html.StartsWith("\uFEFF"u8) ? 3 : 0;
        while (true)
        {
            var start = at + (html[at..].IndexOfAnyExcept(" \t\r\n\f"u8) is >= 0 and var space ? space : html.Length - at);
            var rest = html[start..];
            if (!isWhole && rest.Length < "<!--".Length)
            {
                return null;
            }

            var isHead = IsTag(rest, "<head"u8);
            if (!isHead && !IsTag(rest, "<html"u8) && !rest.StartsWith("<!"u8))
            {
                return !isWhole && rest.Length < "<head>".Length && rest[0] == (byte)'<' ? null : at;
            }

            var end = rest.StartsWith("<!--"u8) ? EndOf(rest, "-->"u8) : EndOfTag(rest);
            if (end < 0)
            {
                return isWhole ? at : null;
            }

            at = start + end;
            if (isHead)
            {
                return at;
            }
        }
    }

    private static bool IsTag(ReadOnlySpan<byte> html, ReadOnlySpan<byte> name) =>
        html.Length > name.Length
        && System.Text.Ascii.EqualsIgnoreCase(html[..name.Length], name)
        && html[name.Length] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'\f' or (byte)'/' or (byte)'>';

    private static int EndOf(ReadOnlySpan<byte> html, ReadOnlySpan<byte> terminator) =>
        html.IndexOf(terminator) is >= 0 and var end ? end + terminator.Length : -1;

    /// <summary>A <c>&gt;</c> in a quoted value ends nothing.</summary>
    private static int EndOfTag(ReadOnlySpan<byte> html)
    {
        byte quote = 0;
        for (var i = 0; i < html.Length; i++)
        {
            switch (html[i])
            {
                case (byte)'>' when quote == 0:
                    return i + 1;
                case (byte)'"' or (byte)'\'' when quote == 0:
                    quote = html[i];
                    break;
                case var other when other == quote:
                    quote = 0;
                    break;
            }
        }

        return -1;
    }
}
