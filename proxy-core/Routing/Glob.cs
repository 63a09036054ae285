namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// A pattern for names and URIs, as in <c>get_*</c> and <c>ui://widget/*</c>: <c>*</c> is any text, slashes too, and <c>?</c> is one character. No pattern makes it slow:
/// only the last star is ever tried again, so the work is at most the product of both lengths.
/// </summary>
internal static class Glob
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < text.Length; )
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, i);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == text[i]))
            {
                at++;
                i++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                i = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
