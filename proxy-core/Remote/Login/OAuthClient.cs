using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>Who we are to an authorization server.</summary>
/// <param name="Id">The client's id.</param>
/// <param name="Secret">Null for a client that keeps none.</param>
/// <param name="Authentication">How the secret is shown: <c>client_secret_basic</c> or <c>client_secret_post</c>.</param>
internal sealed record OAuthClient(string Id, string? Secret, string Authentication)
{
    private const string Basic = "client_secret_basic";
    private const string Post = "client_secret_post";

    /// <exception cref="RemoteLoginException">The server knows no way.</exception>
    public static async Task<OAuthClient> FindAsync(
        OAuthHttp http,
        OAuthLoginOptions options,
        AuthorizationServer server,
        Uri redirect,
        CancellationToken cancellationToken
    )
    {
        if (options.ClientId is not { } id)
        {
            return await RegisterAsync(http, server, redirect, cancellationToken);
        }

        return Uri.TryCreate(id, UriKind.Absolute, out var document) && document.Scheme == Uri.UriSchemeHttps && !server.TakesDocuments
            ? throw new RemoteLoginException($"{server.Issuer} does not take the URL of a document as a client")
            : new OAuthClient(id, options.ClientSecret, server.ClientAuthentication.Contains(Basic, StringComparer.Ordinal) ? Basic : Post);
    }

    /// <summary>Asks the token endpoint.</summary>
    public Task<(bool IsSuccess, JsonElement? Answer)> AskAsync(
        OAuthHttp http,
        Uri endpoint,
        IEnumerable<KeyValuePair<string, string>> fields,
        CancellationToken cancellationToken
    )
    {
        List<KeyValuePair<string, string>> form = [.. fields];
        AuthenticationHeaderValue? header = null;
        if (Secret is not null && Authentication == Basic)
        {
            // RFC 6749 section 2.3.1: both are encoded as in a form first.
            var pair = $"{UrlEncoder.Default.Encode(Id)}:{UrlEncoder.Default.Encode(Secret)}";
            header = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }
        else
        {
            form.Add(new("client_id", Id));
            if (Secret is not null)
            {
                form.Add(new("client_secret", Secret));
            }
        }

        return http.PostAsync(endpoint, new FormUrlEncodedContent(form), header, cancellationToken);
    }

    /// <summary>Dynamic registration (RFC 7591), as a client that keeps no secret.</summary>
    private static async Task<OAuthClient> RegisterAsync(
        OAuthHttp http,
        AuthorizationServer server,
        Uri redirect,
        CancellationToken cancellationToken
    )
    {
        if (server.RegistrationEndpoint is not { } endpoint)
        {
            throw new RemoteLoginException($"{server.Issuer} registers no clients by itself; name one with --client-id");
        }

        var client = JsonSerializer.SerializeToUtf8Bytes(
            new RegistrationRequest([redirect.AbsoluteUri], "mcpr", ["authorization_code", "refresh_token"], ["code"], "none"),
            LoginJson.Default.RegistrationRequest
        );
        var content = new ByteArrayContent(client);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var (isSuccess, answer) = await http.PostAsync(endpoint, content, client: null, cancellationToken);
        return isSuccess && answer?.Text("client_id") is { } id
            ? new OAuthClient(id, answer?.Text("client_secret"), answer?.Text("token_endpoint_auth_method") ?? Basic)
            : throw new RemoteLoginException($"{server.Issuer} does not register this client: {ErrorIn(answer)}");
    }

    /// <summary>What an endpoint says is wrong (RFC 6749 section 5.2).</summary>
    public static string ErrorIn(JsonElement? answer) =>
        (answer?.Text("error"), answer?.Text("error_description")) switch
        {
            ({ } error, { } description) => $"{error}, {description}",
            ({ } error, null) => error,
            _ => "no reason given",
        };
}

/// <summary>What a client says of itself to be registered.</summary>
internal sealed record RegistrationRequest(
    IReadOnlyList<string> RedirectUris,
    string ClientName,
    IReadOnlyList<string> GrantTypes,
    IReadOnlyList<string> ResponseTypes,
    string TokenEndpointAuthMethod
);
