using System.CommandLine;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tunnel.Relay.Admin;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Cli;

/// <summary>Asks a relay that runs, on its port for operators. The settings that the relay was started with say where that is.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>The relay answers from memory; it takes longer only when its store does.</summary>
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;

    private AdminClient(HttpClient http)
    {
        _http = http;
    }

    /// <summary>Reads the settings and lets a command ask.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> UseAsync(ParseResult result, Func<AdminClient, Task<int>> command)
    {
        if (RelayFlags.ReadOrReport(result) is not { } options)
        {
            return ExitCodes.Configuration;
        }

        if (options.Admin is null)
        {
            return Say.Fail(
                ExitCodes.Configuration,
                "this asks a relay that runs, and the settings do not say where",
                "start the relay with --admin 9464, or admin = 9464 in its file, and say the same here"
            );
        }

        var address = new UriBuilder(Uri.UriSchemeHttp, CallableFrom(options.Admin.EndPoint.Address), options.Admin.EndPoint.Port).Uri;
        using var client = new AdminClient(Connect(address, options));
        try
        {
            return await command(client);
        }
        catch (HttpRequestException failed) when (failed.StatusCode is null)
        {
            return Say.Fail(
                ExitCodes.Failure,
                $"no relay answers at {address.Authority}: {failed.Message}",
                "is it running, with the same --admin?"
            );
        }
        catch (TaskCanceledException)
        {
            return Say.Fail(
                ExitCodes.Failure,
                $"{address.Authority} did not answer within {s_answerLimit.TotalSeconds} seconds",
                "see its log"
            );
        }
        catch (JsonException)
        {
            return Say.Fail(ExitCodes.Failure, $"what answers at {address.Authority} is not a relay of this version", "check --admin");
        }
    }

    public Task<int> GetAsync<T>(string path, JsonTypeInfo<T> type, Func<T, int> show, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, type, show, cancellationToken);

    public Task<int> PostAsync<T>(string path, JsonTypeInfo<T> type, Func<T, int> show, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, type, show, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<int> SendAsync<T>(
        HttpMethod method,
        string path,
        JsonTypeInfo<T> type,
        Func<T, int> show,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(method, path);
        using var response = await _http.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return show(await response.Content.ReadFromJsonAsync(type, cancellationToken) ?? throw new JsonException());
        }

        var fault = await response.Content.ReadFromJsonAsync(AdminJson.Default.AdminFault, cancellationToken);
        return Say.Fail(ExitCodes.Failure, fault?.Error ?? $"the relay answered {(int)response.StatusCode}", HintOf(response.StatusCode));
    }

    private static HttpClient Connect(Uri address, RelayOptions options)
    {
        // A proxy of the environment is for the world outside.
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = s_answerLimit,
        };
        if (options.AdminToken.Length > 0)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Encoding.UTF8.GetString(options.AdminToken));
        }

        return http;
    }

    private static string CallableFrom(IPAddress listened) =>
        listened.Equals(IPAddress.Any) ? "127.0.0.1"
        : listened.Equals(IPAddress.IPv6Any) ? "[::1]"
        : listened.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{listened}]"
        : listened.ToString();

    private static string HintOf(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.Unauthorized => "name the file with --admin-token-file",
            HttpStatusCode.Forbidden => "run this where the relay runs, or give it --admin-token-file",
            HttpStatusCode.NotFound => "see mcpr-relay tunnels list and mcpr-relay nodes list",
            _ => "see the log of the relay",
        };
}
