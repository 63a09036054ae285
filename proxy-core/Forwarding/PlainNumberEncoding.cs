using System.Text;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// Decodes the value of Content-Length so that only plain digits (RFC 9110 section 8.6) are taken for a number. The server itself would
/// read <c>+5</c> as 5; another parser in front of us might not, and that difference is what request smuggling lives on.
/// </summary>
public sealed class PlainNumberEncoding : Encoding
{
    private const char NotADigit = 'x';

    public static PlainNumberEncoding Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => count;

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        for (var offset = 0; offset < byteCount; offset++)
        {
            var character = (char)bytes[byteIndex + offset];
            chars[charIndex + offset] = char.IsAsciiDigit(character) ? character : NotADigit;
        }

        return byteCount;
    }

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
