using Tunnel.ProxyCore.OAuth;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>What a server says about tokens for it (RFC 9728).</summary>
/// <param name="Resource">The name that tokens are for (RFC 8707).</param>
/// <param name="Issuer">Who gives them.</param>
/// <param name="IsAnnounced">Whether the server said so, or it is only what the revision 2025-03-26 supposes.</param>
/// <param name="Scope">What to ask for; null to leave that to the issuer.</param>
internal sealed record ProtectedResource(string Resource, string Issuer, bool IsAnnounced, string? Scope)
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <exception cref="RemoteLoginException">The document is about something else.</exception>
    public static async Task<ProtectedResource> FindAsync(
        OAuthHttp http,
        Uri server,
        IReadOnlyList<string> challenges,
        CancellationToken cancellationToken
    )
    {
        var scope = ParameterIn(challenges, "scope");
        foreach (var place in PlacesOf(server, challenges))
        {
            if (await http.FindAsync(place, cancellationToken) is not { } document || document.Text("resource") is not { } resource)
            {
                continue;
            }

            if (!IsAbout(resource, server))
            {
                throw new RemoteLoginException($"{place} is about {resource} and not about {server}");
            }

            return new ProtectedResource(
                resource,
                document.Texts("authorization_servers") is [var first, ..] ? first : server.GetLeftPart(UriPartial.Authority),
                IsAnnounced: true,
                scope ?? (document.Texts("scopes_supported") is { Count: > 0 } scopes ? string.Join(' ', scopes) : null)
            );
        }

        // Revision 2025-03-26: the server itself gives the tokens.
        return new ProtectedResource(
            server.GetLeftPart(UriPartial.Path),
            server.GetLeftPart(UriPartial.Authority),
            IsAnnounced: false,
            scope
        );
    }

    private static IEnumerable<Uri> PlacesOf(Uri server, IReadOnlyList<string> challenges)
    {
        if (Uri.TryCreate(ParameterIn(challenges, "resource_metadata"), UriKind.Absolute, out var named))
        {
            yield return named;
        }

        if (server.AbsolutePath != "/")
        {
            yield return new Uri(server, WellKnown + server.AbsolutePath.TrimEnd('/'));
        }

        yield return new Uri(server, WellKnown);
    }

    /// <summary>A server may have one name for all that is below it; a token for something else would be somebody else's.</summary>
    private static bool IsAbout(string resource, Uri server) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var named)
        && Uri.Compare(named, server, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0
        && (server.AbsolutePath.TrimEnd('/') + '/').StartsWith(named.AbsolutePath.TrimEnd('/') + '/', StringComparison.Ordinal);

    private static string? ParameterIn(IReadOnlyList<string> challenges, string name) =>
        challenges.Select(challenge => ChallengeParameter.Find(challenge, name)).FirstOrDefault(value => value is not null);
}
