using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Tunnel.Tests.Origins;

/// <summary>
/// An HTTP/1.1 origin that shows what stood on the wire and answers byte by byte.
/// The handler is called for each request of a connection, in turn.
/// </summary>
public sealed class RawHttpOrigin : IAsyncDisposable
{
    /// <summary>Bounds the accept backlog and <see cref="NextRequestAsync"/>; beyond it the oldest requests fall out.</summary>
    private const int QueueLength = 4096;

    private readonly Func<RawRequest, RawConnection, Task> _handler;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<WireConnection, bool> _connections = new();
    private readonly ConcurrentQueue<RawRequest> _requests = new();
    private readonly ConcurrentQueue<Exception> _handlerFailures = new();
    private readonly Channel<RawRequest> _arrivals = Channel.CreateBounded<RawRequest>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropOldest }
    );
    private readonly Task _accepting;

    private RawHttpOrigin(Func<RawRequest, RawConnection, Task> handler)
    {
        _handler = handler;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(QueueLength);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        BaseAddress = new Uri($"http://127.0.0.1:{Port}/");
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri BaseAddress { get; }

    /// <summary>Connections that are open now.</summary>
    public CountSignal OpenConnections { get; } = new();

    /// <summary>All requests whose heads have come, in their order.</summary>
    public IReadOnlyList<RawRequest> Requests => [.. _requests];

    /// <summary>What handlers threw, other than for a peer that went away.</summary>
    public IReadOnlyList<Exception> HandlerFailures => [.. _handlerFailures];

    public static RawHttpOrigin Start(Func<RawRequest, RawConnection, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return new RawHttpOrigin(handler);
    }

    /// <summary>The next request that this method has not returned yet, as soon as its head has come.</summary>
    public Task<RawRequest> NextRequestAsync(CancellationToken cancellationToken) => _arrivals.Reader.ReadAsync(cancellationToken).AsTask();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }

        await OpenConnections.WhenAsync(count => count == 0, CancellationToken.None);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new WireConnection(await _listener.AcceptAsync(_stopping.Token));
                _connections[connection] = true;
                OpenConnections.Increment();
                _ = ServeAsync(connection);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(WireConnection wire)
    {
        try
        {
            var connection = new RawConnection(wire);
            while (!connection.IsClosing && await ReadRequestAsync(wire) is { } request)
            {
                // A handler that waits for something of its own must not keep the origin from stopping.
                await _handler(request, connection).WaitAsync(_stopping.Token);
                if (!connection.IsClosing)
                {
                    await request.SkipBodyAsync(_stopping.Token);
                }
            }

            await wire.DrainAsync(_stopping.Token);
        }
        catch (Exception failure)
        {
            if (failure is not (OperationCanceledException or IOException or SocketException or ObjectDisposedException))
            {
                _handlerFailures.Enqueue(failure);
            }

            wire.Abort();
        }
        finally
        {
            _connections.TryRemove(wire, out _);
            await wire.DisposeAsync();
            OpenConnections.Decrement();
        }
    }

    private async Task<RawRequest?> ReadRequestAsync(WireConnection wire)
    {
        if (await wire.ReceiveThroughAsync(WireHead.End, _stopping.Token) is not { } head)
        {
            return null;
        }

        var request = new RawRequest(new WireHead(head), wire);
        _requests.Enqueue(request);
        _arrivals.Writer.TryWrite(request);
        return request;
    }
}
