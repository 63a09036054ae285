using System.Net;
using System.Text;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A DNS provider as lego's "httpreq" speaks to it, for the zone that challtestsrv serves. It can be told to fail.</summary>
internal sealed class DnsProvider : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new() { Timeout = TestLimits.Default };
    private readonly Uri _zone;
    private readonly Task _serving;
    private volatile bool _isDown;

    /// <param name="zone">The management address of challtestsrv.</param>
    public DnsProvider(Uri zone)
    {
        _zone = zone;
        Address = new Uri($"http://127.0.0.1:{Ports.Free()}/");
        _listener.Prefixes.Add(Address.AbsoluteUri);
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    public bool IsDown
    {
        get => _isDown;
        set => _isDown = value;
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
        }
        catch (Exception over) when (over is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        if (IsDown)
        {
            response.StatusCode = (int)HttpStatusCode.ServiceUnavailable;
            return;
        }

        // POST /present {"fqdn": "_acme-challenge.tunnel.test.", "value": "…"}
        using var record = await JsonDocument.ParseAsync(context.Request.InputStream);
        var host = record.RootElement.GetProperty("fqdn").GetString();
        var change = context.Request.Url!.AbsolutePath == "/present" ? "set-txt" : "clear-txt";
        var value = record.RootElement.GetProperty("value").GetString();
        using var body = new StringContent(JsonSerializer.Serialize(new { host, value }), Encoding.UTF8, "application/json");
        using var changed = await _http.PostAsync(new Uri(_zone, change), body);
        response.StatusCode = (int)changed.StatusCode;
    }
}
