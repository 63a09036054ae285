using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;

namespace Tunnel.ProxyCore.Remote.Login;

/// <summary>Documents and endpoints of OAuth: small JSON objects, over TLS or on this machine.</summary>
internal sealed class OAuthHttp : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>The largest metadata documents have some 10 KB.</summary>
    private const int MaxDocument = 1 << 20;

    private readonly HttpClient _http;

    public OAuthHttp(RemoteCertificateValidationCallback? certificateCheck)
    {
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                AutomaticDecompression = DecompressionMethods.All,
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = certificateCheck },
            }
        )
        {
            Timeout = s_limit,
            MaxResponseContentBufferSize = MaxDocument,
        };
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>Whether secrets may go there (RFC 6749 section 3.1, and 8252 section 8.3 for this machine).</summary>
    public static bool IsSafe(Uri url) => url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback);

    /// <returns>The document, or null where there is none.</returns>
    /// <exception cref="RemoteLoginException">Nobody answers there.</exception>
    public async Task<JsonElement?> FindAsync(Uri url, CancellationToken cancellationToken)
    {
        if (!IsSafe(url))
        {
            return null;
        }

        try
        {
            using var response = await _http.GetAsync(url, cancellationToken);
            return response.IsSuccessStatusCode ? await ObjectAsync(response, cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Late(url);
        }
    }

    /// <returns>The status, and the object in the answer if it is one.</returns>
    /// <exception cref="RemoteLoginException">The endpoint cannot be asked.</exception>
    public async Task<(bool IsSuccess, JsonElement? Answer)> PostAsync(
        Uri url,
        HttpContent content,
        AuthenticationHeaderValue? client,
        CancellationToken cancellationToken
    )
    {
        if (!IsSafe(url))
        {
            throw new RemoteLoginException($"{url.Authority} would get secrets without TLS");
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = content };
            request.Headers.Authorization = client;
            using var response = await _http.SendAsync(request, cancellationToken);
            return (response.IsSuccessStatusCode, await ObjectAsync(response, cancellationToken));
        }
        catch (HttpRequestException unreachable)
        {
            throw new RemoteLoginException($"{url.Authority}: {unreachable.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Late(url);
        }
    }

    public void Dispose() => _http.Dispose();

    private static RemoteLoginException Late(Uri url) => new($"{url.Authority} did not answer in time");

    private static async Task<JsonElement?> ObjectAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken),
                cancellationToken: cancellationToken
            );
            return json.RootElement.ValueKind == JsonValueKind.Object ? json.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
