using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Identity;

/// <summary>
/// Asks the operator's own service whether a credential is good, for those who have accounts elsewhere. Answers count for a short time.
/// Whatever is not a clear yes opens nothing.
/// </summary>
internal sealed partial class CredentialVerifier(IOptions<RelayOptions> options, TimeProvider time, ILogger<CredentialVerifier> logger)
    : IDisposable
{
    /// <summary>Carries the time and the signature: <c>t=1732200000,v1=5257…</c>, over the time, a full stop and the body.</summary>
    public const string SignatureHeader = "mcpr-signature";

    /// <summary>More than an owner, a list of names and two numbers take.</summary>
    private const int MaxAnswerBytes = 16 * 1024;

    /// <summary>Owners end up in logs and lists.</summary>
    private const int MaxOwnerLength = 128;

    // Bounded: when it is full, answers that are too old go, and if none is, nothing more is remembered.
    private const int MaxRemembered = 10_000;

    private readonly VerifierOptions _options = options.Value.Verifier;
    private readonly ConcurrentDictionary<string, Remembered> _remembered = new(StringComparer.Ordinal);
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    /// <returns>The answer, or why the credential opens nothing.</returns>
    public async ValueTask<(VerifierAnswer? Answer, ProxyError? Refusal)> VerifyAsync(
        Credential credential,
        CancellationToken cancellationToken
    )
    {
        if (_options.Url is null)
        {
            return (null, ErrorCatalog.BadCredential);
        }

        if (_remembered.TryGetValue(credential.Hash, out var remembered) && time.GetElapsedTime(remembered.At) < _options.CacheFor)
        {
            return remembered.Verdict;
        }

        var verdict = await AskAsync(credential, cancellationToken);
        if (verdict.Refusal != ErrorCatalog.VerifierUnavailable)
        {
            Remember(credential, verdict);
        }

        return verdict;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(VerifierAnswer? Answer, ProxyError? Refusal)> AskAsync(Credential credential, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_options.Timeout);
        try
        {
            using var request = Sign(credential);
            using var response = await _http.SendAsync(request, limit.Token);
            switch (response.StatusCode)
            {
                case HttpStatusCode.OK:
                    var answer = JsonSerializer.Deserialize(
                        await response.Content.ReadAsByteArrayAsync(limit.Token),
                        VerifierJson.Default.VerifierAnswer
                    );
                    if (answer is { Owner.Length: > 0 and <= MaxOwnerLength } && !answer.Owner.Any(char.IsControl))
                    {
                        return (answer, null);
                    }

                    Log.Failed(logger, "an answer without a usable owner");
                    return (null, ErrorCatalog.VerifierUnavailable);

                case HttpStatusCode.Unauthorized
                or HttpStatusCode.Forbidden
                or HttpStatusCode.NotFound:
                    return (null, ErrorCatalog.BadCredential);

                default:
                    Log.Failed(logger, string.Create(CultureInfo.InvariantCulture, $"status {(int)response.StatusCode}"));
                    return (null, ErrorCatalog.VerifierUnavailable);
            }
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException or IOException)
        {
            Log.Failed(logger, failed.Message);
            return (null, ErrorCatalog.VerifierUnavailable);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Failed(logger, "no answer in time");
            return (null, ErrorCatalog.VerifierUnavailable);
        }
    }

    private HttpRequestMessage Sign(Credential credential)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new VerifierQuestion(credential.Value), VerifierJson.Default.VerifierQuestion);
        var sentAt = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. System.Text.Encoding.ASCII.GetBytes(sentAt + "."), .. body];
        var request = new HttpRequestMessage(HttpMethod.Post, _options.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation(
            SignatureHeader,
            $"t={sentAt},v1={Convert.ToHexStringLower(HMACSHA256.HashData(_options.Secret, signed))}"
        );
        return request;
    }

    private void Remember(Credential credential, (VerifierAnswer?, ProxyError?) verdict)
    {
        if (_remembered.Count >= MaxRemembered)
        {
            foreach (var (hash, old) in _remembered)
            {
                if (time.GetElapsedTime(old.At) >= _options.CacheFor)
                {
                    _remembered.TryRemove(hash, out _);
                }
            }
        }

        if (_remembered.Count < MaxRemembered)
        {
            _remembered[credential.Hash] = new Remembered(verdict, time.GetTimestamp());
        }
    }

    private sealed record Remembered((VerifierAnswer?, ProxyError?) Verdict, long At);

    private static partial class Log
    {
        [LoggerMessage(1103, LogLevel.Warning, "credential verifier failed: {Reason}", EventName = "VerifierFailed")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
