using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Transport;

namespace Tunnel.ProxyCore.Remote;

/// <summary>The way to the server: connections, the headers that every request gets, and the token.</summary>
internal sealed partial class RemoteHttp : IDisposable
{
    /// <summary>DNS, TCP and TLS together, as with servers behind the proxy.</summary>
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(15);

    /// <summary>How long a request that could not leave yet is tried again: a server that is being restarted.</summary>
    private static readonly TimeSpan s_reconnectLimit = TimeSpan.FromSeconds(10);

    private readonly RemoteServerOptions _options;
    private readonly IRemoteLogin? _login;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _invoker;

    public RemoteHttp(RemoteServerOptions options, IRemoteLogin? login, TimeProvider time, ILogger logger)
    {
        _options = options;
        _login = login;
        _time = time;
        _logger = logger;
        _invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                // A redirect may lead elsewhere, where headers and tokens have no business.
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.All,
                ConnectTimeout = s_connectLimit,
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = options.CertificateCheck },
            }.Reaching(options.Url)
        );
    }

    /// <summary>Sends a request. A connection that cannot be made is tried again for a while; a token that is refused is renewed once.</summary>
    /// <param name="create">Makes the request, anew for every try.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    /// <returns>The response, whatever its status, with its body still to be read.</returns>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(cancellationToken);
        var response = await ConnectAndSendAsync(create, token, cancellationToken);
        if (_login is null || !WantsLogin(response))
        {
            return response;
        }

        List<string> challenges = response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? [.. values] : [];
        if (!await _login.RenewAsync(challenges, token, cancellationToken))
        {
            return response;
        }

        response.Dispose();
        return await ConnectAndSendAsync(create, await TokenAsync(cancellationToken), cancellationToken);
    }

    public void Dispose() => _invoker.Dispose();

    private ValueTask<string?> TokenAsync(CancellationToken cancellationToken) =>
        _login?.GetTokenAsync(cancellationToken) ?? new((string?)null);

    private async Task<HttpResponseMessage> ConnectAndSendAsync(
        Func<HttpRequestMessage> create,
        string? token,
        CancellationToken cancellationToken
    )
    {
        var backoff = new RemoteBackoff();
        var since = _time.GetTimestamp();
        while (true)
        {
            try
            {
                using var request = create();
                Complete(request, token);
                return await SendAsync(request, cancellationToken);
            }
            catch (HttpRequestException unreachable)
                when (RemoteFailure.IsBeforeTheRequest(unreachable) && _time.GetElapsedTime(since) < s_reconnectLimit)
            {
                Log.Unreachable(_logger, unreachable.GetBaseException().Message);
                await Task.Delay(backoff.Next(), _time, cancellationToken);
            }
        }
    }

    /// <exception cref="TimeoutException">Nothing is heard of the request.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.CallLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _invoker.SendAsync(request, both.Token);
        }
        catch (OperationCanceledException late) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("no response", late);
        }
    }

    private void Complete(HttpRequestMessage request, string? token)
    {
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in _options.Headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    /// <summary>No token or a bad one, or one that is not enough (RFC 6750 section 3.1).</summary>
    private static bool WantsLogin(HttpResponseMessage response) =>
        response.StatusCode == HttpStatusCode.Unauthorized
        || (
            response.StatusCode == HttpStatusCode.Forbidden
            && response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var challenges)
            && challenges.Any(challenge => challenge.Contains("insufficient_scope", StringComparison.Ordinal))
        );

    private static partial class Log
    {
        [LoggerMessage(2303, LogLevel.Information, "the server is not reachable yet: {Reason}")]
        public static partial void Unreachable(ILogger logger, string reason);
    }
}
