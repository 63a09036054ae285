using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Identity;

/// <summary>Tells who a connector is, from the Authorization header and nothing else, and whether it still is.</summary>
internal sealed class ConnectorAuthentication(ITokenStore tokens, CredentialVerifier verifier, IOptions<RelayOptions> options)
{
    private const string Scheme = "Bearer ";

    private readonly RelayOptions _options = options.Value;

    /// <returns>The identity, or why there is none.</returns>
    public ValueTask<(ConnectorIdentity? Identity, ProxyError? Refusal)> AuthenticateAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        var header = request.Headers.Authorization.ToString();
        var credential = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? Credential.Parse(header[Scheme.Length..].Trim())
            : null;
        return credential is null ? new((null, ErrorCatalog.BadCredential)) : IdentifyAsync(credential, inUse: null, cancellationToken);
    }

    /// <summary>Asks anew whoever can tell. For credentials that were shown and are still in use.</summary>
    /// <param name="credential">The credential.</param>
    /// <param name="inUse">The token that it was, where a tunnel is open with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The identity, or why there is none.</returns>
    public async ValueTask<(ConnectorIdentity? Identity, ProxyError? Refusal)> IdentifyAsync(
        Credential credential,
        TokenRecord? inUse,
        CancellationToken cancellationToken
    ) =>
        credential.Kind switch
        {
            CredentialKind.Anonymous when _options.AnonymousAllowed => (Anonymous(credential), null),
            CredentialKind.Anonymous => (null, ErrorCatalog.AnonymousRefused),
            CredentialKind.Token => await FindTokenAsync(credential, inUse, cancellationToken),
            _ => await VerifyAsync(credential, cancellationToken),
        };

    private ConnectorIdentity Anonymous(Credential credential) =>
        new()
        {
            OwnerId = "anon:" + credential.Hash,
            Credential = credential,
            MaxTunnels = _options.AnonymousMaxTunnels,
            MaxNames = _options.AnonymousMaxNames,
            KeepNamesFor = _options.AnonymousKeepNames,
        };

    private async ValueTask<(ConnectorIdentity?, ProxyError?)> FindTokenAsync(
        Credential credential,
        TokenRecord? inUse,
        CancellationToken cancellationToken
    )
    {
        try
        {
            if (await tokens.FindAsync(credential.Hash, inUse, cancellationToken) is not { } token)
            {
                return (null, ErrorCatalog.BadCredential);
            }

            var identity = new ConnectorIdentity
            {
                OwnerId = "token:" + token.Name,
                Credential = credential,
                Token = token,
                Names = token.Names,
                MaxTunnels = token.MaxTunnels ?? _options.OwnerMaxTunnels,
                MaxNames = _options.OwnerMaxNames,
                ExpiresAt = token.ExpiresAt,
            };
            return (identity, null);
        }
        catch (TokenStoreUnavailableException)
        {
            return (null, ErrorCatalog.StoreUnavailable);
        }
    }

    private async ValueTask<(ConnectorIdentity?, ProxyError?)> VerifyAsync(Credential credential, CancellationToken cancellationToken)
    {
        var (answer, refusal) = await verifier.VerifyAsync(credential, cancellationToken);
        if (answer is null)
        {
            return (null, refusal);
        }

        var identity = new ConnectorIdentity
        {
            OwnerId = "ext:" + answer.Owner,
            Credential = credential,
            Names = answer.Names is null ? NamePatterns.Any : NamePatterns.From(answer.Names) ?? NamePatterns.None,
            MaxTunnels = answer.MaxTunnels ?? _options.OwnerMaxTunnels,
            MaxNames = _options.OwnerMaxNames,
            ExpiresAt = answer.ExpiresAt,
        };
        return (identity, null);
    }
}
