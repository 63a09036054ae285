using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>A way from a caller to the origin that is up: where it begins, and the processes that it is made of.</summary>
/// <param name="Name">As it is called in tables.</param>
/// <param name="Url">The MCP endpoint, on loopback.</param>
/// <param name="Host">The <c>Host</c> header by which a relay knows the tunnel.</param>
/// <param name="Processes">Without the origin and the caller.</param>
internal sealed record RunningPath(string Name, Uri Url, string Host, IReadOnlyList<BenchProcess> Processes) : IAsyncDisposable
{
    /// <summary>Whose certificate callers take, where it begins with TLS.</summary>
    public X509Certificate2? Trusted { get; init; }

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMilliseconds(100);

    public async ValueTask DisposeAsync()
    {
        // Callers' end first, so that nothing in front sees a broken path and tries again.
        foreach (var process in Processes)
        {
            await process.DisposeAsync();
        }
    }

    /// <summary>Asks until <paramref name="probe"/> succeeds: then it leads to the origin.</summary>
    public async Task WaitUntilUpAsync(Func<HttpRequestMessage> probe, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(NewHandler()) { Timeout = s_startLimit };
        using var limit = new CancellationTokenSource(s_startLimit, TimeProvider.System);
        while (!await AnswersAsync(http, probe, cancellationToken))
        {
            if (Processes.FirstOrDefault(process => process.HasExited) is { } ended)
            {
                throw new BenchFailedException($"{Name}: its {ended.Role} has ended: {ended.LastWords()}");
            }

            if (limit.IsCancellationRequested)
            {
                var words = string.Join("; ", Processes.Select(process => $"{process.Role}: {process.LastWords()}"));
                throw new BenchFailedException($"{Name}: no answer after {s_startLimit.TotalSeconds} s ({words})");
            }

            await Task.Delay(s_askAgain, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>A small tool call.</summary>
    public HttpRequestMessage NewCall()
    {
        const string message =
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"weather","arguments":{"city":"Berlin"}}}""";
        var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new StringContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Host = Host;
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return request;
    }

    private SocketsHttpHandler NewHandler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (Trusted is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.Add(Trusted);
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        return handler;
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Func<HttpRequestMessage> probe, CancellationToken cancellationToken)
    {
        try
        {
            using var request = probe();
            using var response = await http.SendAsync(request, cancellationToken);
            return (int)response.StatusCode < 400;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return false;
        }
    }
}
