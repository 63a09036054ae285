using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Tunnel.Bench.Load;

/// <summary>A caller whose connections go to loopback, whatever the name in <c>Host</c>.</summary>
internal sealed class LoadClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly Uri _url;
    private readonly string _host;

    public LoadClient(Uri url, string host)
    {
        _url = url;
        _host = host;
        _invoker = new HttpMessageInvoker(NewHandler());
    }

    /// <summary>The invoker itself, for what brings its own requests, such as WebSockets.</summary>
    public HttpMessageInvoker Invoker => _invoker;

    /// <summary>Where the public name would lead; the connection goes to loopback all the same.</summary>
    public Uri At(string path) => new($"http://{_host}{path}");

    /// <summary>The path that was given on the command line: the MCP endpoint.</summary>
    public string McpPath => _url.PathAndQuery;

    public static HttpRequestMessage NewCall(Uri url, ReadOnlyMemory<byte> message)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(message) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return request;
    }

    /// <summary>The answer once its headers are there.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await _invoker.SendAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        var status = (int)response.StatusCode;
        response.Dispose();
        throw new LoadFailedException($"{request.Method} {request.RequestUri} was answered with {status}");
    }

    /// <summary>Sends it and reads the whole answer away; returns its length.</summary>
    public async Task<long> CompleteAsync(HttpRequestMessage request, byte[] buffer, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var total = 0L;
        while (await body.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            total += count;
        }

        return total;
    }

    public void Dispose() => _invoker.Dispose();

    private SocketsHttpHandler NewHandler() =>
        new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, _url.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
