using System.Text.Json;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>Who gives tokens, by its own word (RFC 8414, OpenID Connect Discovery).</summary>
internal sealed record AuthorizationServer(string Issuer, Uri AuthorizationEndpoint, Uri TokenEndpoint, Uri? RegistrationEndpoint)
{
    /// <summary>Whether redirects name the issuer (RFC 9207).</summary>
    public bool NamesItself { get; init; }

    /// <summary>Whether a client may be the URL of a document that describes it.</summary>
    public bool TakesDocuments { get; init; }

    /// <summary>How clients may show their secret.</summary>
    public IReadOnlyList<string> ClientAuthentication { get; init; } = ["client_secret_basic"];

    /// <exception cref="RemoteLoginException">There is none that could be used.</exception>
    public static async Task<AuthorizationServer> FindAsync(OAuthHttp http, ProtectedResource resource, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(resource.Issuer, UriKind.Absolute, out var issuer))
        {
            throw new RemoteLoginException($"{resource.Issuer} is no issuer of tokens");
        }

        foreach (var place in PlacesOf(issuer))
        {
            if (await http.FindAsync(place, cancellationToken) is { } document && document.Text("issuer") is { } named)
            {
                return IsSame(named, resource)
                    ? Read(document, named, place)
                    : throw new RemoteLoginException($"{place} is about {named} and not about {resource.Issuer}");
            }
        }

        // Revision 2025-03-26, servers without metadata.
        return resource.IsAnnounced
            ? throw new RemoteLoginException($"{resource.Issuer} does not say where to log in")
            : new AuthorizationServer(
                resource.Issuer,
                new Uri(issuer, "/authorize"),
                new Uri(issuer, "/token"),
                new Uri(issuer, "/register")
            );
    }

    private static IEnumerable<Uri> PlacesOf(Uri issuer)
    {
        var path = issuer.AbsolutePath.TrimEnd('/');
        yield return new Uri(issuer, "/.well-known/oauth-authorization-server" + path);
        yield return new Uri(issuer, "/.well-known/openid-configuration" + path);
        if (path.Length > 0)
        {
            yield return new Uri(issuer, path + "/.well-known/openid-configuration");
        }
    }

    /// <summary>As it is written (RFC 8414 section 3.3), but for the slash of an issuer that nobody has named.</summary>
    private static bool IsSame(string named, ProtectedResource resource) =>
        named == resource.Issuer || (!resource.IsAnnounced && named.TrimEnd('/') == resource.Issuer.TrimEnd('/'));

    private static AuthorizationServer Read(JsonElement document, string issuer, Uri place)
    {
        if (document.Url("authorization_endpoint") is not { } authorization || document.Url("token_endpoint") is not { } token)
        {
            throw new RemoteLoginException($"{place} lacks an endpoint");
        }

        // Required by MCP since 2025-06-18: without it nobody knows whether the code is protected.
        if (document.Texts("code_challenge_methods_supported")?.Contains("S256", StringComparer.Ordinal) != true)
        {
            throw new RemoteLoginException($"{issuer} does not say that it knows PKCE with S256");
        }

        if (!OAuthHttp.IsSafe(authorization) || !OAuthHttp.IsSafe(token))
        {
            throw new RemoteLoginException($"{issuer} has an endpoint without TLS");
        }

        return new AuthorizationServer(issuer, authorization, token, document.Url("registration_endpoint"))
        {
            NamesItself = document.Flag("authorization_response_iss_parameter_supported"),
            TakesDocuments = document.Flag("client_id_metadata_document_supported"),
            ClientAuthentication = document.Texts("token_endpoint_auth_methods_supported") ?? ["client_secret_basic"],
        };
    }
}
