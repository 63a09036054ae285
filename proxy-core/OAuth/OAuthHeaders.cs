using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// Challenges and redirects speak of the caller's origin where they spoke of the server's own: <c>resource_metadata</c> of
/// <c>WWW-Authenticate</c>, and <c>Location</c>.
/// </summary>
internal sealed class OAuthHeaders(OAuthPaths paths)
{
    /// <summary>The headers of the answer are there, and nothing of it has been sent.</summary>
    public void Translate(ExchangeScope exchange)
    {
        var headers = exchange.Context.Response.Headers;
        if (headers.WWWAuthenticate.Count > 0)
        {
            var urls = PublicUrls.Of(exchange);
            headers.WWWAuthenticate = new StringValues([
                .. headers.WWWAuthenticate.Select(challenge =>
                    ChallengeParameter.Replace(challenge!, ChallengeParameter.ResourceMetadata, url => Document(urls, url))
                ),
            ]);
        }

        if (headers.Location is [{ Length: > 0 } location])
        {
            headers.Location = Redirect(exchange, PublicUrls.Of(exchange), location);
        }
    }

    private string? Document(PublicUrls urls, string url)
    {
        if (urls.PathOf(url) is { } path)
        {
            paths.AddDocument(path);
        }

        return urls.Translate(url);
    }

    private string Redirect(ExchangeScope exchange, PublicUrls urls, string location)
    {
        if (AuthorizationResponse.IsOne(location, exchange.Context.Request.Query["redirect_uri"]))
        {
            return AuthorizationResponse.WithIssuer(location, urls.Translate);
        }

        // Whom an endpoint sends to a login page stays with the server.
        if (paths.IsEndpoint(exchange.Path) && urls.PathOf(location) is { } path)
        {
            paths.AddEndpoint(path);
        }

        return urls.Translate(location) ?? urls.TranslatePath(location) ?? location;
    }
}
