using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WeatherServer;

/// <summary>
/// The other side: a client that uses the server under a URL once, and prints one line for each request. It shows what goes
/// over the wire, and proves that a URL leads to this server.
/// </summary>
internal sealed class SampleClient(Uri url, TextWriter output, TimeProvider timeProvider) : IDisposable
{
    private const string City = "Zurich";
    private const string SessionHeader = "Mcp-Session-Id";

    /// <summary>Events that were held back arrive together with the result; sent as they happen, the first is 800 ms ahead.</summary>
    private static readonly TimeSpan s_leastLead = TimeSpan.FromMilliseconds(100);

    private readonly string _revision = Revision.WithHandshake[0];
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync, UseProxy = false })
    {
        Timeout = TimeSpan.FromSeconds(20),
    };
    private int _requests;

    /// <summary>What the server gave us to show again; a server without sessions gives none.</summary>
    private string? _session;

    public void Dispose() => _http.Dispose();

    /// <exception cref="SampleClientException">The server did not do what it should.</exception>
    public async Task UseEverythingAsync(CancellationToken cancellationToken)
    {
        await InitializeAsync(cancellationToken);
        await ListToolsAsync(cancellationToken);
        await GetWeatherAsync(cancellationToken);
        await FollowForecastAsync(cancellationToken);
    }

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        var parameters = new JsonObject
        {
            ["protocolVersion"] = _revision,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "weather-sample-client", ["version"] = "1.0.0" },
        };
        var result = await RequestAsync("initialize", parameters, null, cancellationToken);
        var server = result.Member("serverInfo") ?? default;
        await PrintAsync("initialize", $"{server.Text("name")} {server.Text("version")}, MCP {result.Text("protocolVersion")}");

        using var response = await PostAsync(new JsonObject { ["method"] = "notifications/initialized" }, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            throw new SampleClientException($"notifications/initialized: HTTP {(int)response.StatusCode} in place of 202");
        }
    }

    private async Task ListToolsAsync(CancellationToken cancellationToken)
    {
        var result = await RequestAsync("tools/list", [], null, cancellationToken);
        var tools = result.Member("tools") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray().ToList() : [];
        if (tools.Count == 0)
        {
            throw new SampleClientException("tools/list: no tools");
        }

        await PrintAsync("tools/list", string.Join(", ", tools.Select(tool => tool.Text("name"))));
    }

    private async Task GetWeatherAsync(CancellationToken cancellationToken)
    {
        var result = await RequestAsync("tools/call", Call("get_weather"), null, cancellationToken);
        await PrintAsync("get_weather", TextOf(result));
    }

    private async Task FollowForecastAsync(CancellationToken cancellationToken)
    {
        var parameters = Call("forecast");
        parameters["_meta"] = new JsonObject { ["progressToken"] = "forecast-1" };
        var arrivals = new List<long>();
        var result = await RequestAsync("tools/call", parameters, _ => arrivals.Add(timeProvider.GetTimestamp()), cancellationToken);
        var days = TextOf(result).Split('\n').Length;
        var lead = arrivals.Count > 0 ? timeProvider.GetElapsedTime(arrivals[0]) : TimeSpan.Zero;
        if (arrivals.Count != days || lead < s_leastLead)
        {
            throw new SampleClientException(
                $"forecast: not streamed: {arrivals.Count} progress events for {days} days, the first {lead.TotalMilliseconds:0} ms ahead of the result"
            );
        }

        await PrintAsync("forecast", $"{arrivals.Count} progress events, the first {lead.TotalMilliseconds:0} ms ahead of the result");
    }

    private Task PrintAsync(string what, string came) => output.WriteLineAsync($"{what, -12} {came}");

    private async Task<JsonElement> RequestAsync(
        string method,
        JsonObject parameters,
        Action<JsonElement>? onNotification,
        CancellationToken cancellationToken
    )
    {
        var request = new JsonObject
        {
            ["id"] = ++_requests,
            ["method"] = method,
            ["params"] = parameters,
        };
        using var response = await PostAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new SampleClientException($"{method}: HTTP {(int)response.StatusCode}: {body}");
        }

        await foreach (var message in MessagesAsync(response.Content, cancellationToken))
        {
            if (message.Member("id") is null)
            {
                onNotification?.Invoke(message);
                continue;
            }

            return message.Member("result") ?? throw new SampleClientException($"{method}: {message.GetRawText()}");
        }

        throw new SampleClientException($"{method}: the answer ended without a result");
    }

    private async Task<HttpResponseMessage> PostAsync(JsonObject message, CancellationToken cancellationToken)
    {
        message["jsonrpc"] = "2.0";
        var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Accept", ["application/json", "text/event-stream"]);
        request.Headers.Add("MCP-Protocol-Version", _revision);
        if (_session is not null)
        {
            request.Headers.Add(SessionHeader, _session);
        }

        var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        _session ??= response.Headers.TryGetValues(SessionHeader, out var values) ? values.First() : null;
        return response;
    }

    /// <summary>The server chooses for each request: an event stream, or one message as JSON.</summary>
    private static async IAsyncEnumerable<JsonElement> MessagesAsync(
        HttpContent content,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        if (content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            yield return await JsonSerializer.DeserializeAsync<JsonElement>(body, cancellationToken: cancellationToken);
            yield break;
        }

        await foreach (var item in SseParser.Create(body).EnumerateAsync(cancellationToken))
        {
            // An event without data only says from where a stream that breaks can be resumed.
            if (item.Data.Length > 0)
            {
                yield return JsonSerializer.Deserialize<JsonElement>(item.Data);
            }
        }
    }

    private static JsonObject Call(string tool) =>
        new()
        {
            ["name"] = tool,
            ["arguments"] = new JsonObject { ["city"] = City },
        };

    private static string TextOf(JsonElement result) =>
        result.Member("content") is { ValueKind: JsonValueKind.Array } content
        && content.EnumerateArray().FirstOrDefault().Text("text") is { } text
            ? text
            : throw new SampleClientException($"no text in {result.GetRawText()}");

    /// <summary>Names below localhost are this machine (RFC 6761), which not every system's resolver knows.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var isLocal = host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
            await socket.ConnectAsync(isLocal ? "localhost" : host, port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

internal sealed class SampleClientException(string message) : Exception(message);
