using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>
/// A stretch of network between connector and relay that a test can cut (reset), freeze (half-open: bytes vanish, nobody is told) or mend.
/// It can also ask for a CONNECT first, as a corporate proxy does.
/// </summary>
internal sealed class TcpLink : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Connection, bool> _connections = new();
    private readonly bool _isConnectProxy;
    private readonly Task _accepting;
    private volatile bool _isFrozen;

    private TcpLink(int target, bool isConnectProxy)
    {
        Target = target;
        _isConnectProxy = isConnectProxy;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(128);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public int Connections => _connections.Count;

    /// <summary>The port that connections opened from now on lead to.</summary>
    public int Target { get; set; }

    /// <summary>What CONNECT requests asked for.</summary>
    public ConcurrentQueue<string> ConnectTargets { get; } = new();

    public static TcpLink To(int port) => new(port, isConnectProxy: false);

    public static TcpLink ConnectProxy() => new(target: 0, isConnectProxy: true);

    /// <summary>From now on nothing goes through, in either direction, on connections that are open now.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>Connections opened from now on work again; frozen ones stay dead.</summary>
    public void Mend() => _isFrozen = false;

    /// <summary>Resets every connection.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>Resets one connection, counted from 0 in the order in which they were opened.</summary>
    public void Cut(int index) => _connections.Keys.OrderBy(connection => connection.Number).ElementAt(index).Reset();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            for (var number = 0; ; number++)
            {
                var near = await _listener.AcceptAsync(_stopping.Token);
                _ = ServeAsync(near, number);
            }
        }
        catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket near, int number)
    {
        using var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        near.NoDelay = true;
        var connection = new Connection(near, far, number);
        try
        {
            _connections[connection] = true;
            var port = _isConnectProxy ? await AnswerConnectAsync(near) : Target;
            await far.ConnectAsync(IPAddress.Loopback, port, _stopping.Token);
            await Task.WhenAny(CopyAsync(connection, near, far), CopyAsync(connection, far, near));
        }
        catch (Exception broken) when (broken is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Either side went away.
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            connection.Reset();
        }
    }

    private async Task CopyAsync(Connection connection, Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReceiveAsync(buffer, _stopping.Token) is > 0 and var read)
        {
            connection.IsFrozen |= _isFrozen;
            if (!connection.IsFrozen)
            {
                await to.SendAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }

        if (connection.IsFrozen)
        {
            // A dead network does not tell the other side either.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stopping.Token);
        }
    }

    private async Task<int> AnswerConnectAsync(Socket near)
    {
        // CONNECT localhost:5100 HTTP/1.1
        var head = string.Empty;
        var buffer = new byte[1];
        while (!head.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await near.ReceiveAsync(buffer, _stopping.Token) > 0)
        {
            head += (char)buffer[0];
        }

        var target = head.Split(' ')[1];
        ConnectTargets.Enqueue(target);
        await near.SendAsync("HTTP/1.1 200 Connection Established\r\n\r\n"u8.ToArray(), _stopping.Token);
        return new Uri("http://" + target).Port;
    }

    private sealed class Connection(Socket near, Socket far, int number)
    {
        public int Number { get; } = number;

        public bool IsFrozen { get; set; }

        public void Reset()
        {
            foreach (var socket in (Socket[])[near, far])
            {
                try
                {
                    socket.Close(timeout: 0);
                }
                catch (SocketException)
                {
                    // Gone already.
                }
            }
        }
    }
}
