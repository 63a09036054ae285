namespace Tunnel.Relay.Identity;

/// <summary>
/// Tokens that the operator gave out, by their hash. Every operation is atomic, and throws
/// <see cref="TokenStoreUnavailableException"/> when the store cannot be reached.
/// </summary>
internal interface ITokenStore
{
    /// <returns>False when there is a token of that name.</returns>
    ValueTask<bool> AddAsync(TokenRecord token, string hash, CancellationToken cancellationToken);

    ValueTask<bool> RevokeAsync(string name, CancellationToken cancellationToken);

    /// <summary>All tokens by name, expired ones among them.</summary>
    ValueTask<IReadOnlyList<TokenRecord>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The token with this hash if it is good now, or null.</summary>
    ValueTask<TokenRecord?> FindAsync(string hash, CancellationToken cancellationToken);
}

/// <summary>The token store cannot be reached.</summary>
internal sealed class TokenStoreUnavailableException(Exception cause) : Exception("the token store is not available", cause);
