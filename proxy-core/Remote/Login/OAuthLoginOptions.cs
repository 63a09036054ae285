namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>How a client of OAuth gets tokens for a server.</summary>
public sealed record OAuthLoginOptions
{
    /// <summary>The MCP endpoint.</summary>
    public required Uri Url { get; init; }

    /// <summary>The client as its authorization server knows it, or the URL of a document that describes it; null to register anew.</summary>
    public string? ClientId { get; init; }

    /// <summary>Belongs to <see cref="ClientId"/>, if it has one.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>How long a person may take at the login page. Default 5 min.</summary>
    public TimeSpan PersonLimit { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Brings a person to a login page, and back.</summary>
public interface ILoginWindow
{
    /// <summary>Begins to wait for the way back.</summary>
    Task<ILoginReturn> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>Waits for the redirect from a login page.</summary>
public interface ILoginReturn : IAsyncDisposable
{
    /// <summary>Where the redirect has to lead.</summary>
    Uri RedirectUri { get; }

    /// <summary>Shows a page.</summary>
    /// <param name="page">Where the login begins.</param>
    /// <param name="state">What the redirect has to bring along; redirects that do not are none (RFC 6749 section 10.12).</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    /// <returns>The query of the redirect, without a question mark before it.</returns>
    Task<string> ShowAsync(Uri page, string state, CancellationToken cancellationToken);
}
