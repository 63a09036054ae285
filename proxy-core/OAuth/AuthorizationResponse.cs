namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// The redirect that brings a person back to the client (RFC 6749 section 4.1.2): <c>http://localhost:33418/callback?code=…&amp;state=…&amp;iss=…</c>.
/// It belongs to the client, also where it looks like the server: on the client's machine the same port may be the client's.
/// </summary>
internal static class AuthorizationResponse
{
    /// <param name="location">Where the redirect goes.</param>
    /// <param name="redirectUri">What the client asked for in this very request, if it did.</param>
    public static bool IsOne(string location, string? redirectUri)
    {
        if (redirectUri is { Length: > 0 } && location.StartsWith(redirectUri, StringComparison.Ordinal))
        {
            return true;
        }

        var parameters = ParametersOf(location);
        return (Has(parameters, "code") || Has(parameters, "error")) && (Has(parameters, "state") || Has(parameters, "iss"));
    }

    /// <summary>
    /// The redirect with the issuer (RFC 9207) that the client knows from the metadata. Clients compare it letter by letter.
    /// </summary>
    public static string WithIssuer(string location, Func<string, string?> translate)
    {
        var parameters = ParametersOf(location);
        return location[..^parameters.Length] + QueryParameters.Replace(parameters, "iss", translate);
    }

    /// <summary>What is behind the question mark, or the hash of clients that want it there.</summary>
    private static string ParametersOf(string location)
    {
        var start = location.AsSpan().IndexOfAny('?', '#');
        return start < 0 ? string.Empty : location[(start + 1)..];
    }

    private static bool Has(string parameters, string name) => QueryParameters.Find(parameters, name).Any();
}
