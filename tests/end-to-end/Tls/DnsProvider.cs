using System.Net;
using System.Text.Json;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A DNS provider as lego's "httpreq" speaks to it, for the zone that challtestsrv serves. It can be told to fail.</summary>
internal sealed class DnsProvider : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly DnsZone _zone;
    private readonly Task _serving;
    private volatile bool _isDown;

    public DnsProvider(DnsZone zone)
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
        var host = record.RootElement.GetProperty("fqdn").GetString()!;
        var changed =
            context.Request.Url!.AbsolutePath == "/present"
                ? _zone.SetTextAsync(host, record.RootElement.GetProperty("value").GetString())
                : _zone.ClearTextAsync(host);
        response.StatusCode = (int)await changed;
    }
}
