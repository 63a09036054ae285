using System.Globalization;

namespace Tunnel.Tests.Origins;

/// <summary>
/// Long text that belongs to one token, <c>token-00000000;token-00000001;…</c>, so that a part which is missing, doubled or
/// from another answer shows.
/// </summary>
public static class TokenContent
{
    /// <summary>The first <paramref name="length"/> characters of the token's text.</summary>
    public static string Create(string token, int length)
    {
        ArgumentException.ThrowIfNullOrEmpty(token);
        return string.Create(
            length,
            token,
            static (text, token) =>
            {
                for (var number = 0; !text.IsEmpty; number++)
                {
                    var segment = string.Create(CultureInfo.InvariantCulture, $"{token}-{number:x8};").AsSpan();
                    var fitting = segment[..Math.Min(segment.Length, text.Length)];
                    fitting.CopyTo(text);
                    text = text[fitting.Length..];
                }
            }
        );
    }
}
