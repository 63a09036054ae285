using System.Diagnostics;
using System.Text;

namespace Tunnel.Bench.Load.Workloads;

/// <summary>Tool calls of real MCP sessions over Streamable HTTP, for bridges, which keep sessions and look at ids.</summary>
internal static class McpCalls
{
    private const string Version = "2025-06-18";
    private const string SessionHeader = "Mcp-Session-Id";
    private const string EchoCall = """{"name":"echo","arguments":{"message":"hello"}}""";

    /// <summary>How long calls are made before they count: a bridge starts a program for the session, and perhaps another one for the next.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(2);

    public static async Task<Measurement> RunAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        var url = http.At(http.McpPath);
        var sessions = new string?[options.Sessions];
        for (var at = 0; at < sessions.Length; at++)
        {
            sessions[at] = await BeginAsync(http, url, cancellationToken);
        }

        var (times, unheard) = (new Histogram(), new Histogram());
        var lastId = 1;
        var (settling, _) = await Callers.RunAsync(
            options.Callers,
            s_settling,
            (caller, token) => CallAsync(caller, unheard, token),
            cancellationToken
        );
        var (calls, seconds) = await Callers.RunAsync(
            options.Callers,
            options.Duration,
            (caller, token) => CallAsync(caller, times, token),
            cancellationToken
        );
        foreach (var session in sessions)
        {
            await EndAsync(http, url, session, cancellationToken);
        }

        return new Measurement().Add("requests", settling + calls).Add("rps", calls / seconds).Add(times);

        async Task CallAsync(int caller, Histogram taken, CancellationToken token)
        {
            var id = Interlocked.Increment(ref lastId);
            var start = Stopwatch.GetTimestamp();
            using var request = NewMessage(
                url,
                sessions[caller % sessions.Length],
                $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{{EchoCall}} }"""
            );
            using var response = await http.SendAsync(request, token);
            var answer = await response.Content.ReadAsStringAsync(token);
            if (!answer.Contains("hello", StringComparison.Ordinal))
            {
                throw new LoadFailedException($"the tool did not answer: {answer}");
            }

            taken.Add(Stopwatch.GetTimestamp() - start);
        }
    }

    /// <summary>The id of a new session; null where there are no sessions.</summary>
    private static async Task<string?> BeginAsync(LoadClient http, Uri url, CancellationToken cancellationToken)
    {
        const string client = """{"name":"bench-load","version":"1"}""";
        const string hello = $$"""{"protocolVersion":"{{Version}}","capabilities":{},"clientInfo":{{client}} }""";
        using var initialize = NewMessage(url, session: null, $$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{{hello}} }""");
        using var response = await http.SendAsync(initialize, cancellationToken);
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
        var session = response.Headers.TryGetValues(SessionHeader, out var values) ? values.First() : null;

        using var initialized = NewMessage(url, session, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        (await http.SendAsync(initialized, cancellationToken)).Dispose();
        return session;
    }

    /// <summary>So that no process of this session is there in the next round.</summary>
    private static async Task EndAsync(LoadClient http, Uri url, string? session, CancellationToken cancellationToken)
    {
        using var end = new HttpRequestMessage(HttpMethod.Delete, url);
        end.Headers.Add(SessionHeader, session);
        (await http.Invoker.SendAsync(end, cancellationToken)).Dispose();
    }

    private static HttpRequestMessage NewMessage(Uri url, string? session, string message)
    {
        var request = LoadClient.NewCall(url, Encoding.UTF8.GetBytes(message));
        request.Headers.Add("MCP-Protocol-Version", Version);
        if (session is not null)
        {
            request.Headers.Add(SessionHeader, session);
        }

        return request;
    }
}
