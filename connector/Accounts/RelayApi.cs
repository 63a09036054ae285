using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Connector.Accounts;

/// <summary>Asks a relay about names and about the credential itself.</summary>
internal sealed class RelayApi : IDisposable
{
    /// <summary>DNS, TCP, TLS and the answer together.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(15);

    /// <summary>A thousand names and then some.</summary>
    private const int MaxAnswerBytes = 1 << 20;

    private readonly HttpClient _http;

    public RelayApi(Uri relay, string credential, RelayTrust trust)
    {
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust.Validation },
            }
        )
        {
            BaseAddress = relay,
            Timeout = s_timeout,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
    }

    public Task<Account> WhoAmIAsync(CancellationToken cancellationToken) =>
        GetAsync(TunnelProtocol.AccountPath, AccountJson.Default.Account, cancellationToken);

    public async Task<IReadOnlyList<OwnedName>> ListAsync(CancellationToken cancellationToken) =>
        (await GetAsync(TunnelProtocol.NamesPath, AccountJson.Default.NameListing, cancellationToken)).Names;

    public Task ReserveAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Put, PathOf(TunnelProtocol.NamesPath, name), cancellationToken);

    public Task ReleaseAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, PathOf(TunnelProtocol.NamesPath, name), cancellationToken);

    public async Task<IReadOnlyList<OwnedDomain>> ListDomainsAsync(CancellationToken cancellationToken) =>
        (await GetAsync(TunnelProtocol.DomainsPath, AccountJson.Default.DomainListing, cancellationToken)).Domains;

    public Task<OwnedDomain> AddDomainAsync(string domain, string name, CancellationToken cancellationToken) =>
        AskAsync(
            HttpMethod.Put,
            $"{PathOf(TunnelProtocol.DomainsPath, domain)}?name={Uri.EscapeDataString(name)}",
            AccountJson.Default.OwnedDomain,
            cancellationToken
        );

    public Task<OwnedDomain> CheckDomainAsync(string domain, CancellationToken cancellationToken) =>
        AskAsync(
            HttpMethod.Post,
            $"{PathOf(TunnelProtocol.DomainsPath, domain)}/check",
            AccountJson.Default.OwnedDomain,
            cancellationToken
        );

    public Task RemoveDomainAsync(string domain, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, PathOf(TunnelProtocol.DomainsPath, domain), cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string PathOf(string parent, string child) => $"{parent}/{Uri.EscapeDataString(child)}";

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        AskAsync(HttpMethod.Get, path, type, cancellationToken);

    private async Task<T> AskAsync<T>(HttpMethod method, string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await SendAsync(request, cancellationToken);
        try
        {
            return await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw RelayApiException.NoRelay();
        }
        catch (JsonException)
        {
            throw RelayApiException.NoRelay();
        }
    }

    private async Task DoAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await SendAsync(request, cancellationToken);
    }

    /// <exception cref="RelayApiException">The relay refused, or could not be asked.</exception>
    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException unreachable)
        {
            throw RelayApiException.Unreachable(_http.BaseAddress!, unreachable.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw RelayApiException.Unreachable(_http.BaseAddress!, "no answer in time");
        }

        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var code = response.Headers.TryGetValues(ErrorResponse.CodeHeader, out var values) ? values.FirstOrDefault() : null;
            var known = ErrorCatalog.All.FirstOrDefault(error => error.Code == code);
            throw known is null || known == ErrorCatalog.NothingHere ? RelayApiException.NoRelay() : RelayApiException.Refused(known);
        }
    }
}
