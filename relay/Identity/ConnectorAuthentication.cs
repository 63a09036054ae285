using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Identity;

/// <summary>Tells who opens a control connection, from its Authorization header and nothing else.</summary>
internal sealed class ConnectorAuthentication(TokenStore tokens, IOptions<RelayOptions> options)
{
    private const string Scheme = "Bearer ";

    /// <returns>The identity, or why there is none.</returns>
    public (ConnectorIdentity? Identity, ProxyError? Refusal) Authenticate(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return (null, ErrorCatalog.BadCredential);
        }

        var credential = header[Scheme.Length..].Trim();
        if (Credential.IsWellFormed(credential, Credential.AnonymousPrefix))
        {
            return options.Value.AnonymousAllowed
                ? (new ConnectorIdentity("anon:" + Credential.Hash(credential)), null)
                : (null, ErrorCatalog.AnonymousRefused);
        }

        if (!Credential.IsWellFormed(credential, Credential.TokenPrefix))
        {
            return (null, ErrorCatalog.BadCredential);
        }

        try
        {
            return tokens.Find(credential) is { } name
                ? (new ConnectorIdentity("token:" + name), null)
                : (null, ErrorCatalog.BadCredential);
        }
        catch (SqliteException)
        {
            return (null, ErrorCatalog.StoreUnavailable);
        }
    }
}
