namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// A pattern for URIs, as in <c>ui://widget/*</c>: <c>*</c> is any text, slashes too, and <c>?</c> is one character. No pattern makes it slow:
/// only the last star is ever tried again, so the work is at most the product of both lengths.
/// </summary>
internal static class UriGlob
{
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> uri)
    {
        var (at, star, resume) = (0, -1, 0);
        for (var i = 0; i < uri.Length; )
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                (star, resume) = (at++, i);
            }
            else if (at < pattern.Length && (pattern[at] == '?' || pattern[at] == uri[i]))
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
