using System.Net;
using System.Text.Json;
using Tunnel.EndToEnd.Tests.Beds;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A DNS provider as lego's "httpreq" speaks to it, for the zone that challtestsrv serves. It can be told to fail.</summary>
internal sealed class DnsProvider : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly DnsZone _zone;
    private readonly Task _serving;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDown;
    private volatile bool _holdsNext;

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

    /// <summary>Lets the next question wait for ever.</summary>
    public void HoldNext() => _holdsNext = true;

    /// <summary>Completes when that question has come.</summary>
    public Task HeldAsync(CancellationToken cancellationToken) => _asked.Task.WaitAsync(TestLimits.Default, cancellationToken);

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
        if (_holdsNext)
        {
            _holdsNext = false;
            _asked.SetResult();
            return;
        }

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
