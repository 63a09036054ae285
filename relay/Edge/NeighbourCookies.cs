namespace Tunnel.Relay.Edge;

/// <summary>
/// Cookies for the domain that all tunnels share: one server could fix the sessions of another, or fill its requests until they are too
/// large. Browsers refuse them only where the domain is on the Public Suffix List.
/// </summary>
internal static class NeighbourCookies
{
    private const string DomainAttribute = "Domain";

    /// <param name="setCookie">A value of Set-Cookie (RFC 6265 section 5.2).</param>
    /// <param name="domain">The relay's domain.</param>
    /// <returns>Whether the cookie would go to the domain itself or to one above it.</returns>
    public static bool IsOne(ReadOnlySpan<char> setCookie, ReadOnlySpan<char> domain)
    {
        var isFirst = true;
        foreach (var range in setCookie.Split(';'))
        {
            var part = setCookie[range];
            var equals = part.IndexOf('=');
            if (
                !isFirst
                && equals > 0
                && part[..equals].Trim().Equals(DomainAttribute, StringComparison.OrdinalIgnoreCase)
                && Covers(part[(equals + 1)..].Trim().Trim('.'), domain)
            )
            {
                // The last of several counts; a server that means well has one.
                return true;
            }

            isFirst = false;
        }

        return false;
    }

    private static bool Covers(ReadOnlySpan<char> wanted, ReadOnlySpan<char> domain) =>
        wanted.Length > 0
        && domain.EndsWith(wanted, StringComparison.OrdinalIgnoreCase)
        && (wanted.Length == domain.Length || domain[^(wanted.Length + 1)] == '.');
}
