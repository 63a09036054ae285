using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Bridge;

/// <summary>A server written in a few lines of shell, behind the bridge.</summary>
internal sealed class BridgeBed : IAsyncDisposable
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{}},"clientInfo":{"name":"test","version":"1"}}}
        """;

    // The id of a request is a number of the bridge's, wherever it stands in the line.
    private const string Script = """
        echo "$$" >> "$PIDS"
        while IFS= read -r line; do
          id=$(printf '%s' "$line" | sed -n 's/.*"id":\([0-9][0-9]*\).*/\1/p')
          answer() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$1"; }
          case $line in
            *'"method":"initialize"'*)
              printf '%s\n' "$line" > "$INITIALIZE"
              answer '{"protocolVersion":"2025-11-25","capabilities":{"tools":{"listChanged":true}},"serverInfo":{"name":"script","version":"1"}}' ;;
            *notifications/initialized*) ;;
            *server/discover*) printf '{"jsonrpc":"2.0","id":%s,"error":{"code":-32601,"message":"Method not found"}}\n' "$id" ;;
            *'"method":"tools/list"'*) answer '{"tools":[]}' ;;
            *'"name":"pid"'*) answer "$$" ;;
        CASES
            *) answer '{}' ;;
          esac
        done
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly OrphanGuard _guard = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly StdioServer _server;
    private readonly HttpMessageInvoker _invoker;

    /// <param name="cases">Cases of a shell's <c>case "$line"</c>, which call <c>answer</c> with a result.</param>
    /// <param name="configure">Changes how it is run.</param>
    /// <param name="time">By what the limits go.</param>
    public BridgeBed(string cases = "", Func<StdioServerOptions, StdioServerOptions>? configure = null, TimeProvider? time = null)
    {
        var script = _folder.PathOf("server.sh");
        File.WriteAllText(script, Script.Replace("CASES", cases, StringComparison.Ordinal));
        var options = new StdioServerOptions
        {
            Command = ["sh", script],
            WarmProcesses = 0,
            Variables = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["PIDS"] = _folder.PathOf("pids"),
                ["INITIALIZE"] = _folder.PathOf("initialize"),
            },
        };
        _server = new StdioServer(
            "script",
            configure?.Invoke(options) ?? options,
            _guard,
            new BridgeMetrics(_services.GetRequiredService<IMeterFactory>()),
            NullLogger.Instance,
            time ?? TimeProvider.System
        );
        _invoker = new HttpMessageInvoker(_server);
    }

    /// <summary>The processes that were started, in their order.</summary>
    public int[] Processes => File.Exists(_folder.PathOf("pids")) ? [.. File.ReadLines(_folder.PathOf("pids")).Select(int.Parse)] : [];

    /// <summary>The last <c>initialize</c> that a process got.</summary>
    public string LastInitialize => File.ReadAllText(_folder.PathOf("initialize")).TrimEnd();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <returns>The id of a new session.</returns>
    public async Task<string> InitializeAsync(string body = Initialize)
    {
        using var response = await SendAsync(HttpMethod.Post, body);
        return response.Headers.GetValues("Mcp-Session-Id").Single();
    }

    /// <summary>Posts a message and gives the data of all events of the answer, or its body.</summary>
    public async Task<string[]> PostAsync(string body, string? session = null, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Post, body, session, headers);
        return await MessagesAsync(response);
    }

    public static async Task<string[]> MessagesAsync(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        return response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ?
            [
                .. text.Split('\n')
                    .Where(line => line.StartsWith("data: ", StringComparison.Ordinal) && line.Length > 6)
                    .Select(line => line[6..]),
            ]
            : [text];
    }

    /// <summary>The data of the next event that has some.</summary>
    public static async Task<string> DataAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal) && line.Length > 6)
            {
                return line[6..];
            }
        }

        return "the end of the stream";
    }

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string? body = null,
        string? session = null,
        (string Name, string Value)[]? headers = null,
        string path = "/mcp"
    )
    {
        var request = new HttpRequestMessage(method, "stdio://script" + path);
        if (headers?.Any(header => header.Name == "Accept") != true)
        {
            request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        }

        if (body is not null)
        {
            request.Content = new StringContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (session is not null)
        {
            request.Headers.TryAddWithoutValidation("Mcp-Session-Id", session);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _invoker.SendAsync(request, Cancellation);
    }

    /// <summary>Whether a process is there, as the system sees it.</summary>
    public static bool IsAlive(int process) => Directory.Exists($"/proc/{process}");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _guard.Dispose();
        _invoker.Dispose();
        await _services.DisposeAsync();
        _folder.Dispose();
    }
}
