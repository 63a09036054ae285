using System.Text;

namespace Tunnel.Tests.Origins;

/// <summary>
/// The head of a message as it stood on the wire, in Latin-1:
/// <c>GET / HTTP/1.1␍␊Host: localhost␍␊␍␊</c>.
/// </summary>
public sealed class WireHead
{
    internal static readonly byte[] End = "\r\n\r\n"u8.ToArray();

    internal WireHead(byte[] bytes)
    {
        var lines = Encoding.Latin1.GetString(bytes, 0, bytes.Length - End.Length).Split("\r\n");
        Bytes = bytes;
        StartLine = lines[0];
        HeaderLines = lines[1..];
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    public string StartLine { get; }

    /// <summary>The lines in their order, repeats included.</summary>
    public IReadOnlyList<string> HeaderLines { get; }

    /// <summary>The value of the first header of this name.</summary>
    public string? Header(string name) => Headers(name) is [var first, ..] ? first : null;

    /// <summary>The values of all headers of this name, in their order.</summary>
    public IReadOnlyList<string> Headers(string name) =>
        [
            .. HeaderLines
                .Select(line => line.Split(':', 2))
                .Where(parts => parts.Length == 2 && parts[0].Equals(name, StringComparison.OrdinalIgnoreCase))
                .Select(parts => parts[1].Trim(' ', '\t')),
        ];
}
