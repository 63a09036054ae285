using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.EndToEnd.Tests.Tls;

/// <summary>A proxy that brings every CONNECT to one port of loopback: connectors behind it can dial names that no DNS knows.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Task _accepting;

    public ConnectProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using (caller)
        using (var relay = new TcpClient())
        {
            try
            {
                await SkipHeadAsync(caller.GetStream());
                await relay.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                await caller.GetStream().WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _stopping.Token);
                await Task.WhenAny(
                    caller.GetStream().CopyToAsync(relay.GetStream(), _stopping.Token),
                    relay.GetStream().CopyToAsync(caller.GetStream(), _stopping.Token)
                );
            }
            catch (Exception gone) when (gone is IOException or SocketException or OperationCanceledException)
            {
                // Either side left.
            }
        }
    }

    private async Task SkipHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(next, _stopping.Token);
            head.Append((char)next[0]);
        }
    }
}
