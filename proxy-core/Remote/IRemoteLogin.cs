namespace Tunnel.ProxyCore.Remote;

/// <summary>Where tokens for a server come from.</summary>
public interface IRemoteLogin
{
    /// <summary>The token to show now; null where there is none yet.</summary>
    ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken);

    /// <summary>The server did not take the token, or wants one. Whoever asks at the same time waits for the same login.</summary>
    /// <param name="challenges">What it said in its WWW-Authenticate headers.</param>
    /// <param name="refused">The token that it was shown.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>Whether there is another token now.</returns>
    /// <exception cref="RemoteLoginException">The login did not work.</exception>
    Task<bool> RenewAsync(IReadOnlyList<string> challenges, string? refused, CancellationToken cancellationToken);
}

/// <summary>A login did not work; the message says why, in lower case.</summary>
public sealed class RemoteLoginException(string message) : Exception(message);
