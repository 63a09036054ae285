using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Makes an ACME account that is bound to a customer's (RFC 8555 section 7.3). lego would take the customer's key as an argument, which
/// every user of the machine could read; everything else about accounts is left to it.
/// </summary>
internal sealed class AcmeRegistration : IDisposable
{
    /// <summary>Nonces are refused now and then, at random; more than so many in a row are no accident.</summary>
    private const int MaxAttempts = 10;

    private const int MaxAnswerBytes = 64 * 1024;

    private const int MaxShownCharacters = 300;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    /// <param name="trusted">PEM files of the only authorities that the directory's own certificate may come from; none for those that the machine trusts.</param>
    /// <exception cref="IssuanceException">A file has no certificates.</exception>
    public AcmeRegistration(IReadOnlyList<string> trusted)
    {
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = PolicyOf(trusted) },
            }
        )
        {
            Timeout = s_timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("mcpr-relay", null));
    }

    /// <returns>The URL of the account.</returns>
    /// <exception cref="IssuanceException">There is no account.</exception>
    public async Task<string> RegisterAsync(
        Uri directory,
        string contact,
        AcmeAccountKey customer,
        ECDsa key,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var known = await ReadAsync(await _http.GetAsync(directory, cancellationToken), cancellationToken);
            var newAccount = UrlIn(known, "newAccount");
            var nonce = await FirstNonceAsync(UrlIn(known, "newNonce"), cancellationToken);
            for (var attempt = 1; ; attempt++)
            {
                using var request = SignedRequest(newAccount, nonce, contact, customer, key);
                using var response = await _http.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode && response.Headers.Location is { } account)
                {
                    return account.OriginalString;
                }

                using var problem = await ReadAsync(response, cancellationToken);
                nonce = NonceOf(response);
                var isBadNonce = TextIn(problem, "type") == "urn:ietf:params:acme:error:badNonce";
                if (!isBadNonce || attempt == MaxAttempts)
                {
                    throw new IssuanceException(
                        $"no account at {directory.Host}: {(int)response.StatusCode} {Shown(TextIn(problem, "detail"))}"
                    );
                }
            }
        }
        catch (Exception failed) when (failed is HttpRequestException or JsonException)
        {
            throw new IssuanceException($"no account at {directory.Host}: {failed.GetBaseException().Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IssuanceException($"no account at {directory.Host}: no answer in time");
        }
    }

    public void Dispose() => _http.Dispose();

    private static X509ChainPolicy? PolicyOf(IReadOnlyList<string> trusted)
    {
        if (trusted.Count == 0)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        foreach (var file in trusted)
        {
            try
            {
                policy.CustomTrustStore.ImportFromPemFile(file);
            }
            catch (Exception unusable) when (unusable is CryptographicException or IOException or UnauthorizedAccessException)
            {
                throw new IssuanceException($"LEGO_CA_CERTIFICATES: {file}: {unusable.Message}");
            }
        }

        return policy;
    }

    private static HttpRequestMessage SignedRequest(Uri newAccount, string nonce, string contact, AcmeAccountKey customer, ECDsa key)
    {
        var url = newAccount.AbsoluteUri;
        var publicKey = JsonWebSignature.PublicKeyOf(key);
        var binding = JsonWebSignature.Sign(new JsonObject { ["kid"] = customer.Id, ["url"] = url }, publicKey, customer.Secret);
        var payload = new JsonObject
        {
            ["termsOfServiceAgreed"] = true,
            ["contact"] = new JsonArray($"mailto:{contact}"),
            ["externalAccountBinding"] = binding,
        };
        var header = new JsonObject
        {
            ["jwk"] = publicKey.DeepClone(),
            ["nonce"] = nonce,
            ["url"] = url,
        };
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(JsonWebSignature.Sign(header, payload, key).ToJsonString()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/jose+json");
        return new HttpRequestMessage(HttpMethod.Post, newAccount) { Content = content };
    }

    private async Task<string> FirstNonceAsync(Uri newNonce, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, newNonce);
        using var response = await _http.SendAsync(request, cancellationToken);
        return NonceOf(response);
    }

    private static string NonceOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Replay-Nonce", out var nonces)
            ? nonces.First()
            : throw new HttpRequestException($"{(int)response.StatusCode} without a nonce");

    private static async Task<JsonDocument> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);

    private static Uri UrlIn(JsonDocument directory, string name) =>
        Uri.TryCreate(TextIn(directory, name), UriKind.Absolute, out var url)
            ? url
            : throw new HttpRequestException($"its directory has no {name}");

    private static string? TextIn(JsonDocument document, string name) =>
        document.RootElement.ValueKind == JsonValueKind.Object
        && document.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string Shown(string? text)
    {
        var plain = string.Concat((text ?? "without a reason").Select(character => char.IsControl(character) ? ' ' : character));
        return plain.Length <= MaxShownCharacters ? plain : plain[..MaxShownCharacters];
    }
}
