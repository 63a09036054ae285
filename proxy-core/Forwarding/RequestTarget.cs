namespace Tunnel.ProxyCore.Forwarding;

/// <summary>The request target (RFC 9112 section 3.2) as the caller wrote it: nothing is decoded, encoded again or collapsed.</summary>
public static class RequestTarget
{
    private static readonly UriCreationOptions s_asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>
    /// The origin form of a raw target: <c>/a%2Fb/./c?x=1</c> as it is, <c>http://host/a?b</c> without scheme and authority.
    /// </summary>
    /// <returns>Null for the asterisk form and the authority form, which name no resource that could be forwarded.</returns>
    public static string? OriginForm(string rawTarget)
    {
        if (rawTarget.StartsWith('/'))
        {
            return rawTarget;
        }

        var authority = rawTarget.IndexOf("://", StringComparison.Ordinal);
        if (authority <= 0)
        {
            return null;
        }

        authority += 3;
        var path = rawTarget.AsSpan(authority).IndexOfAny('/', '?');
        if (path < 0)
        {
            return "/";
        }

        return rawTarget[authority + path] == '/' ? rawTarget[(authority + path)..] : "/" + rawTarget[(authority + path)..];
    }

    /// <summary>The path of an origin form. Queries carry secrets of other people and stay out of whatever is shown.</summary>
    public static string PathOf(string originForm)
    {
        var query = originForm.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? originForm : originForm[..query];
    }

    /// <summary>A URI that an HTTP client sends with exactly this target.</summary>
    /// <param name="origin">Scheme and authority without a slash at the end, such as <c>http://localhost:9000</c>.</param>
    public static Uri ToUri(string origin, string originForm) => new(origin + originForm, s_asWritten);
}
