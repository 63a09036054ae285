using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Tunnel.Relay.Team.Alerts.Webhooks;

/// <summary>Sends messages as Standard Webhooks 1.0 has it. It follows nobody elsewhere, and of the answer only the status counts.</summary>
internal sealed class WebhookSender : IDisposable
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>How long a receiver may take, with the connection. Half of what the specification gives.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private const int MaxAnswerHeadersKilobytes = 16;

    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public WebhookSender(GuardedDialer dialer, TimeProvider time)
    {
        _time = time;
        _http = new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                ConnectCallback = dialer.ConnectAsync,
                // A proxy would connect to what nobody here has looked at.
                UseProxy = false,
                UseCookies = false,
                MaxResponseHeadersLength = MaxAnswerHeadersKilobytes,
                // Bodies of answers are not read, not even to keep the connection.
                MaxResponseDrainSize = 0,
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            }
        );
    }

    /// <param name="target">Who gets it.</param>
    /// <param name="messageId">The same for every try, so that a receiver knows what it has already.</param>
    /// <param name="body">JSON.</param>
    /// <param name="cancellationToken">Nobody waits for it any more.</param>
    public async Task<WebhookOutcome> SendAsync(
        WebhookTarget target,
        string messageId,
        ReadOnlyMemory<byte> body,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = Sign(target, messageId, body);
            using var response = await _http.SendAsync(request, either.Token);
            var told = string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}");
            return response.StatusCode switch
            {
                >= HttpStatusCode.OK and < HttpStatusCode.MultipleChoices => new(WebhookOutcomeKind.Delivered, told),
                HttpStatusCode.Gone => new(WebhookOutcomeKind.Refused, told),
                _ => new(WebhookOutcomeKind.Failed, told),
            };
        }
        catch (HttpRequestException refused) when (refused.GetBaseException() is PrivateAddressException closed)
        {
            return new(WebhookOutcomeKind.Refused, closed.Message);
        }
        catch (HttpRequestException failed)
        {
            return new(WebhookOutcomeKind.Failed, failed.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(WebhookOutcomeKind.Failed, "no answer in time");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Sign(WebhookTarget target, string messageId, ReadOnlyMemory<byte> body)
    {
        var sentAt = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "mcpr-relay");
        request.Headers.TryAddWithoutValidation(IdHeader, messageId);
        request.Headers.TryAddWithoutValidation(TimestampHeader, sentAt.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation(SignatureHeader, target.Secret.Sign(messageId, sentAt, body.Span));
        return request;
    }
}
