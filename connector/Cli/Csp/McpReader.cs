using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tunnel.Connector.Cli.Csp;

/// <summary>
/// Asks an MCP server a few questions, as a host of widgets would: with a session where it wants one (2024-11-05 to 2025-11-25), else each
/// by itself (2026-07-28).
/// </summary>
internal sealed class McpReader : IDisposable
{
    private const string Legacy = "2025-11-25";
    private const string Modern = "2026-07-28";
    private const string MetaPrefix = "io.modelcontextprotocol/";

    /// <summary>The longest answer, in bytes.</summary>
    private const int MaxAnswer = 16 << 20;

    /// <summary>How long one answer may take.</summary>
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(15);

    private readonly Uri _server;
    private readonly HttpClient _http;
    private string? _session;
    private bool _isModern;
    private int _lastId;

    private McpReader(Uri server)
    {
        _server = server;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = s_answerLimit,
            MaxResponseContentBufferSize = MaxAnswer,
        };
    }

    // Servers offer widgets only to clients that say they can show them.
    private static JsonObject Capabilities =>
        new()
        {
            ["extensions"] = new JsonObject
            {
                [MetaPrefix + "ui"] = new JsonObject { ["mimeTypes"] = new JsonArray("text/html;profile=mcp-app") },
            },
        };

    private static JsonObject ClientInfo => new() { ["name"] = "mcpr", ["version"] = ProductVersion.Current };

    /// <exception cref="McpReaderException">The server is not there, or speaks neither way.</exception>
    public static async Task<McpReader> ConnectAsync(Uri server, CancellationToken cancellationToken)
    {
        var reader = new McpReader(server);
        try
        {
            await reader.InitializeAsync(cancellationToken);
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <exception cref="McpReaderException">The server answers with an error, or with nothing that is an answer.</exception>
    public Task<JsonElement> AskAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        if (_isModern)
        {
            parameters["_meta"] = new JsonObject
            {
                [MetaPrefix + "protocolVersion"] = Modern,
                [MetaPrefix + "clientCapabilities"] = Capabilities,
                [MetaPrefix + "clientInfo"] = ClientInfo,
            };
        }

        return SendAsync(method, parameters, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new JsonObject
            {
                ["protocolVersion"] = Legacy,
                ["capabilities"] = Capabilities,
                ["clientInfo"] = ClientInfo,
            };
            await SendAsync("initialize", parameters, cancellationToken);
            using var request = NewRequest(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/initialized" });
            using var response = await _http.SendAsync(request, cancellationToken);
        }
        catch (McpReaderException refused) when (refused.IsAnswer)
        {
            _isModern = true;
            await AskAsync("server/discover", [], cancellationToken);
        }
    }

    private async Task<JsonElement> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = ++_lastId;
        using var request = NewRequest(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = id,
                ["method"] = method,
                ["params"] = parameters,
            }
        );
        if (_isModern)
        {
            request.Headers.Add("Mcp-Method", method);
            if (parameters["uri"]?.GetValue<string>() is { } uri)
            {
                request.Headers.Add(
                    "Mcp-Name",
                    uri.All(c => c is > ' ' and < '\x7f') ? uri : $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(uri))}?="
                );
            }
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.Headers.TryGetValues("Mcp-Session-Id", out var sessions))
            {
                _session = sessions.FirstOrDefault();
            }

            return await ReadAnswerAsync(response, method, id, cancellationToken);
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException)
        {
            throw new McpReaderException($"{_server} cannot be reached: {gone.Message}", isAnswer: false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new McpReaderException(
                string.Create(CultureInfo.InvariantCulture, $"{_server} did not answer {method} within {s_answerLimit.TotalSeconds} s"),
                isAnswer: false
            );
        }
    }

    private HttpRequestMessage NewRequest(JsonObject message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _server)
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        if (_isModern || _lastId > 1)
        {
            request.Headers.Add("MCP-Protocol-Version", _isModern ? Modern : Legacy);
        }

        if (_session is not null && !_isModern)
        {
            request.Headers.Add("Mcp-Session-Id", _session);
        }

        return request;
    }

    private static async Task<JsonElement> ReadAnswerAsync(
        HttpResponseMessage response,
        string method,
        int id,
        CancellationToken cancellationToken
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_answerLimit);
        using var body = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token), Encoding.UTF8);
        var isStream = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        var answer = isStream ? await FindInStreamAsync(body, id, limit.Token) : Parse(await ReadAllAsync(body, limit.Token));
        if (answer is { ValueKind: JsonValueKind.Object } message)
        {
            if (message.TryGetProperty("result", out var result))
            {
                return result;
            }

            if (message.TryGetProperty("error", out var error) && error.TryGetProperty("message", out var text))
            {
                throw new McpReaderException($"the server refuses {method}: {text}", isAnswer: true);
            }
        }

        throw new McpReaderException($"the server's answer to {method} is none: HTTP {(int)response.StatusCode}", isAnswer: true);
    }

    private static async Task<string> ReadAllAsync(StreamReader body, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0 && text.Length < MaxAnswer)
        {
            text.Append(buffer, 0, read);
        }

        return text.ToString();
    }

    private static async Task<JsonElement?> FindInStreamAsync(StreamReader body, int id, CancellationToken cancellationToken)
    {
        var data = new StringBuilder();
        while (await body.ReadLineAsync(cancellationToken) is { } line && data.Length < MaxAnswer)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data.Append(line.AsSpan("data:".Length)).Append('\n');
            }
            else if (line.Length == 0)
            {
                if (
                    Parse(data.ToString()) is { ValueKind: JsonValueKind.Object } message
                    && message.TryGetProperty("id", out var answered)
                    && answered.ToString() == id.ToString(CultureInfo.InvariantCulture)
                    && !message.TryGetProperty("method", out _)
                )
                {
                    return message;
                }

                data.Clear();
            }
        }

        return null;
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException)
        {
            // A page of some other server, or an event without data.
            return null;
        }
    }
}
