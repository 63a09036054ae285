using System.Buffers;

namespace Tunnel.ProxyCore.Html;

/// <summary>White space of HTML and CSS. A carriage return is a line feed by the time that a parser sees it.</summary>
internal static class HtmlSpace
{
    public static readonly SearchValues<byte> Bytes = SearchValues.Create(" \t\n\f\r"u8);

    public static bool Is(byte value) => value <= (byte)' ' && value is (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r' or (byte)'\f';
}
