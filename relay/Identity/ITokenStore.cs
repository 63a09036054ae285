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
    /// <param name="hash">The hash.</param>
    /// <param name="inUse">What was found before and has a tunnel open; a store that has just lost its data takes it back.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    ValueTask<TokenRecord?> FindAsync(string hash, TokenRecord? inUse, CancellationToken cancellationToken);
}

/// <summary>The token store cannot be reached.</summary>
internal sealed class TokenStoreUnavailableException(Exception cause) : Exception("the token store is not available", cause);
