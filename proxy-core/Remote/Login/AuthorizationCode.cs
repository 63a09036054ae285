using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.OAuth;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>A token by way of a person at a login page: an authorization code with PKCE (RFC 7636).</summary>
internal sealed class AuthorizationCode(
    OAuthHttp http,
    OAuthLoginOptions options,
    ProtectedResource resource,
    AuthorizationServer server,
    OAuthClient client,
    TimeProvider time
)
{
    /// <summary>256 bits, as RFC 7636 section 7.1 recommends.</summary>
    private const int RandomBytes = 32;

    /// <exception cref="RemoteLoginException">The person or the server said no, or nobody came back.</exception>
    public async Task<StoredLogin> GetAsync(ILoginReturn window, CancellationToken cancellationToken)
    {
        var verifier = Random();
        var state = Random();
        string query;
        try
        {
            query = await window
                .ShowAsync(PageOf(window.RedirectUri, verifier, state), state, cancellationToken)
                .WaitAsync(options.PersonLimit, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RemoteLoginException($"nobody logged in at {server.AuthorizationEndpoint.Authority} in time");
        }

        return await RedeemAsync(CodeIn(query), verifier, window.RedirectUri, cancellationToken);
    }

    private Uri PageOf(Uri redirect, string verifier, string state)
    {
        List<(string Name, string? Value)> parameters =
        [
            ("response_type", "code"),
            ("client_id", client.Id),
            ("redirect_uri", redirect.AbsoluteUri),
            ("state", state),
            ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))),
            ("code_challenge_method", "S256"),
            ("resource", resource.Resource),
            ("scope", resource.Scope),
        ];
        var query = string.Join(
            '&',
            parameters.Where(one => one.Value is not null).Select(one => $"{one.Name}={Uri.EscapeDataString(one.Value!)}")
        );
        var endpoint = server.AuthorizationEndpoint;
        return new UriBuilder(endpoint) { Query = endpoint.Query.Length > 1 ? $"{endpoint.Query[1..]}&{query}" : query }.Uri;
    }

    private string CodeIn(string query)
    {
        string? Parameter(string name) => QueryParameters.Find(query, name).FirstOrDefault();

        // Before anything else is believed (RFC 9207 section 2.4): the answer may be that of another server.
        var issuer = Parameter("iss");
        if (issuer is null ? server.NamesItself : issuer != server.Issuer)
        {
            throw new RemoteLoginException($"the answer is from {issuer ?? "nobody"} and not from {server.Issuer}");
        }

        return Parameter("code")
            ?? throw new RemoteLoginException(
                $"{server.Issuer} says {Parameter("error") ?? "nothing"}{(Parameter("error_description") is { } why ? $", {why}" : string.Empty)}"
            );
    }

    private async Task<StoredLogin> RedeemAsync(string code, string verifier, Uri redirect, CancellationToken cancellationToken)
    {
        var (isSuccess, answer) = await client.AskAsync(
            http,
            server.TokenEndpoint,
            [
                new("grant_type", "authorization_code"),
                new("code", code),
                new("code_verifier", verifier),
                new("redirect_uri", redirect.AbsoluteUri),
                new("resource", resource.Resource),
            ],
            cancellationToken
        );
        if (!isSuccess || answer?.Text("access_token") is not { } token)
        {
            throw new RemoteLoginException($"{server.Issuer} gives no token: {OAuthClient.ErrorIn(answer)}");
        }

        return new StoredLogin
        {
            Url = options.Url,
            Resource = resource.Resource,
            TokenEndpoint = server.TokenEndpoint,
            ClientId = client.Id,
            ClientSecret = client.Secret,
            ClientAuthentication = client.Authentication,
            AccessToken = token,
            RefreshToken = answer?.Text("refresh_token"),
            ExpiresAt = OAuthLogin.EndIn(answer, time),
        };
    }

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
}
