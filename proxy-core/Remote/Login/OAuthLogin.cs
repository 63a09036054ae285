using System.Net.Security;
using System.Text.Json;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>
/// Tokens for a server by OAuth 2.1: kept from last time, refreshed, or given by a person at the login page. Servers say by 401 that they
/// want one (MCP revision 2025-11-25, Authorization).
/// </summary>
public sealed class OAuthLogin : IRemoteLogin, IDisposable
{
    /// <summary>A token that ends sooner may end on the way.</summary>
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    /// <summary>A server that does not take the token of a fresh login would have windows open without end.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);

    private readonly OAuthLoginOptions _options;
    private readonly ILoginWindow _window;
    private readonly TimeProvider _time;
    private readonly LoginStore _store;
    private readonly OAuthHttp _http;
    private readonly SemaphoreSlim _renewing = new(1);
    private volatile StoredLogin? _login;
    private long? _loggedInAt;

    /// <param name="options">The server and the client.</param>
    /// <param name="folder">Where logins are kept.</param>
    /// <param name="window">Brings a person to the login page.</param>
    /// <param name="certificateCheck">Judges certificates; null leaves that to the platform.</param>
    /// <param name="time">By what tokens end.</param>
    /// <exception cref="RemoteLoginException">What is kept can be read by others.</exception>
    public OAuthLogin(
        OAuthLoginOptions options,
        string folder,
        ILoginWindow window,
        RemoteCertificateValidationCallback? certificateCheck,
        TimeProvider time
    )
    {
        _options = options;
        _window = window;
        _time = time;
        _store = new LoginStore(folder, options.Url);
        _http = new OAuthHttp(certificateCheck);
        _login = Stored();
    }

    public async ValueTask<string?> GetTokenAsync(CancellationToken cancellationToken)
    {
        if (_login is { RefreshToken: not null } login && HasEnded(login))
        {
            await RenewAsync(login.AccessToken, () => RefreshAsync(login, cancellationToken), cancellationToken);
        }

        return _login?.AccessToken;
    }

    public Task<bool> RenewAsync(IReadOnlyList<string> challenges, string? refused, CancellationToken cancellationToken) =>
        RenewAsync(refused, () => LogInAsync(challenges, cancellationToken), cancellationToken);

    public void Dispose()
    {
        _http.Dispose();
        _renewing.Dispose();
    }

    private bool HasEnded(StoredLogin login) => login.ExpiresAt is { } end && end - s_margin <= _time.GetUtcNow();

    /// <summary>What is kept, as long as it belongs to the client that was asked for.</summary>
    private StoredLogin? Stored() =>
        _store.Read() is { } stored && (_options.ClientId is null || stored.ClientId == _options.ClientId) ? stored : null;

    /// <summary>Gets another token, unless somebody else has done so meanwhile, here or in another process.</summary>
    private async Task<bool> RenewAsync(string? refused, Func<Task<StoredLogin?>> renew, CancellationToken cancellationToken)
    {
        await _renewing.WaitAsync(cancellationToken);
        try
        {
            if (_login is not null && _login.AccessToken != refused)
            {
                return true;
            }

            using var alone = await _store.LockAsync(_options.PersonLimit + s_pause, _time, cancellationToken);
            if (Stored() is { } stored && stored.AccessToken != refused)
            {
                _login = stored;
                return true;
            }

            if (await renew() is not { } renewed)
            {
                return false;
            }

            _store.Save(renewed);
            _login = renewed;
            return true;
        }
        finally
        {
            _renewing.Release();
        }
    }

    private async Task<StoredLogin?> LogInAsync(IReadOnlyList<string> challenges, CancellationToken cancellationToken)
    {
        // A token that is not enough is not made more by a refresh (RFC 6750 section 3.1).
        var isTooLittle = challenges.Any(challenge => challenge.Contains("insufficient_scope", StringComparison.Ordinal));
        if (!isTooLittle && _login is { } login && await RefreshAsync(login, cancellationToken) is { } refreshed)
        {
            return refreshed;
        }

        if (_loggedInAt is { } before && _time.GetElapsedTime(before) < s_pause)
        {
            throw new RemoteLoginException("there was a login a moment ago, and the server wants another one");
        }

        try
        {
            var resource = await ProtectedResource.FindAsync(_http, _options.Url, challenges, cancellationToken);
            var server = await AuthorizationServer.FindAsync(_http, resource, cancellationToken);
            await using var window = await _window.OpenAsync(cancellationToken);
            var client = await OAuthClient.FindAsync(_http, _options, server, window.RedirectUri, cancellationToken);
            return await new AuthorizationCode(_http, _options, resource, server, client, _time).GetAsync(window, cancellationToken);
        }
        finally
        {
            _loggedInAt = _time.GetTimestamp();
        }
    }

    /// <returns>Null when a person has to log in again.</returns>
    private async Task<StoredLogin?> RefreshAsync(StoredLogin login, CancellationToken cancellationToken)
    {
        if (login.RefreshToken is null)
        {
            return null;
        }

        var (isSuccess, answer) = await login.Client.AskAsync(
            _http,
            login.TokenEndpoint,
            [new("grant_type", "refresh_token"), new("refresh_token", login.RefreshToken), new("resource", login.Resource)],
            cancellationToken
        );
        return isSuccess && answer?.Text("access_token") is { } token
            ? login with
            {
                AccessToken = token,
                RefreshToken = answer?.Text("refresh_token") ?? login.RefreshToken,
                ExpiresAt = EndIn(answer, _time),
            }
            : null;
    }

    internal static DateTimeOffset? EndIn(JsonElement? answer, TimeProvider time) =>
        answer?.Number("expires_in") is { } seconds ? time.GetUtcNow() + TimeSpan.FromSeconds(Math.Clamp(seconds, 0, int.MaxValue)) : null;
}
