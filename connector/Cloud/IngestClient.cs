using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tunnel.Connector.Identity;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Transport;

namespace Tunnel.Connector.Cloud;

/// <summary>
/// Sends batches to a relay, and reads what it answers as one who may be talking to anybody: only what can be nothing but the relay's own word takes events
/// away. Proxies of the environment (HTTPS_PROXY, NO_PROXY) are honoured by the platform's default proxy.
/// </summary>
internal sealed class IngestClient : IDisposable
{
    /// <summary>DNS, TCP, TLS, the batch and the answer together. A relay writes a batch in some milliseconds.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    /// <summary>The body of an answer; a receipt has about 30 bytes, and one that names each of a thousand lines 5,000.</summary>
    private const int MaxAnswerBytes = 16 * 1024;

    private readonly CloudSettings _settings;
    private readonly Uri _endpoint;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _invoker;

    public IngestClient(CloudSettings settings, TimeProvider time)
    {
        _settings = settings;
        _endpoint = new Uri(settings.Url, IngestProtocol.Path);
        _time = time;
        _invoker = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                // A redirect may lead elsewhere, where events and tokens have no business.
                AllowAutoRedirect = false,
                UseCookies = false,
                // What is sent about requests is no part of any request's trace.
                ActivityHeadersPropagator = null,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = settings.Trust.Validation },
            }.Reaching(settings.Url)
        );
    }

    /// <param name="coded">Lines, coded with gzip.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more, which is <see cref="IngestVerdict.Later"/> then.</param>
    public async Task<IngestAnswer> SendAsync(ReadOnlyMemory<byte> coded, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Create(coded);
            using var response = await _invoker.SendAsync(request, both.Token);
            return await ReadAsync(response, both.Token);
        }
        catch (IdentityException unusable)
        {
            return new IngestAnswer(IngestVerdict.Refused, unusable.Message);
        }
        catch (OperationCanceledException)
        {
            return new IngestAnswer(IngestVerdict.Later, $"{_endpoint.Authority} does not answer");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return new IngestAnswer(IngestVerdict.Later, $"cannot send to {_endpoint.Authority}: {broken.GetBaseException().Message}");
        }
    }

    public void Dispose() => _invoker.Dispose();

    /// <exception cref="IdentityException">There is no token now.</exception>
    private HttpRequestMessage Create(ReadOnlyMemory<byte> coded)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _endpoint) { Content = new ReadOnlyMemoryContent(coded) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(IngestProtocol.ContentType);
        request.Content.Headers.ContentEncoding.Add(GzipLines.Name);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Token.Read());
        request.Headers.Add(IngestProtocol.ServerHeader, _settings.Server);
        return request;
    }

    private async Task<IngestAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        // Proxies say 400 and 500 too, of what the relay would have taken.
        var isOwnWord = response.Content.Headers.ContentType?.MediaType == IngestProblemAnswer.ContentType;
        return response.StatusCode switch
        {
            HttpStatusCode.Accepted when await ReadAsync(response, IngestJson.Default.IngestReceipt, cancellationToken) is not null =>
                IngestAnswer.Taken,
            HttpStatusCode.RequestEntityTooLarge => new(IngestVerdict.TooLarge, "the relay does not take as much at once"),
            HttpStatusCode.RequestTimeout when isOwnWord => new(IngestVerdict.TooSlow, $"the way to {_endpoint.Authority} is slow (408)"),
            HttpStatusCode.BadRequest when isOwnWord => new(
                IngestVerdict.Unreadable,
                "the relay cannot read them, and may be older than this mcpr"
            )
            {
                BadLines = await BadLinesOfAsync(response, cancellationToken),
            },
            HttpStatusCode.InternalServerError when isOwnWord => new(
                IngestVerdict.Stumbled,
                $"{_endpoint.Authority} fails at what is sent (500), and its log says why"
            ),
            HttpStatusCode.Unauthorized => new(IngestVerdict.Refused, $"{_endpoint.Authority} does not know the token (401)"),
            HttpStatusCode.Forbidden => new(IngestVerdict.Refused, $"the token may not send events to {_endpoint.Authority} (403)"),
            HttpStatusCode.NotFound => new(IngestVerdict.Later, $"{_endpoint.Authority} takes no events (404); a relay does with --team"),
            _ => new(IngestVerdict.Later, $"{_endpoint.Authority} answers {status}") { RetryAfter = RetryAfterOf(response) },
        };
    }

    /// <summary>A relay that is older names the first one only.</summary>
    private static async Task<IReadOnlyList<int>> BadLinesOfAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var problem = await ReadAsync(response, IngestJson.Default.IngestProblemAnswer, cancellationToken);
        return problem?.Lines ?? (problem?.Line is { } first ? [first] : []);
    }

    /// <returns>Null where it is something else: a captive portal and its like answer whatever they are asked.</returns>
    private static async Task<T?> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } wanted ? wanted.Delta ?? (wanted.Date - _time.GetUtcNow()) : null;
}
