using System.Collections.Concurrent;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.Tests.Origins;

/// <summary>
/// Accepts a WebSocket on any path and returns every message as it came: its type, its boundaries, its close code and reason.
/// Takes the first subprotocol offered.
/// </summary>
public sealed class WebSocketEchoOrigin : IAsyncDisposable
{
    private const int BufferSize = 16 * 1024;

    private readonly ConcurrentQueue<WebSocketHandshake> _handshakes = new();
    private KestrelHost? _host;

    private WebSocketEchoOrigin() { }

    public Uri BaseAddress => _host!.BaseAddress;

    public int Port => BaseAddress.Port;

    /// <summary>All handshakes that were accepted, in their order.</summary>
    public IReadOnlyList<WebSocketHandshake> Handshakes => [.. _handshakes];

    /// <summary>Sockets that are open now.</summary>
    public CountSignal OpenSockets { get; } = new();

    public static async Task<WebSocketEchoOrigin> StartAsync(CancellationToken cancellationToken)
    {
        var origin = new WebSocketEchoOrigin();
        origin._host = await KestrelHost.StartAsync(origin.ServeAsync, cancellationToken);
        return origin;
    }

    public ValueTask DisposeAsync() => _host!.DisposeAsync();

    private async Task ServeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status426UpgradeRequired;
            return;
        }

        var offered = context.WebSockets.WebSocketRequestedProtocols;
        _handshakes.Enqueue(
            new WebSocketHandshake
            {
                Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
                Headers = context.Request.Headers.ToDictionary(
                    header => header.Key,
                    header => header.Value.ToString(),
                    StringComparer.OrdinalIgnoreCase
                ),
                Subprotocols = [.. offered],
            }
        );

        using var socket = await context.WebSockets.AcceptWebSocketAsync(offered.FirstOrDefault());
        OpenSockets.Increment();
        try
        {
            await EchoAsync(socket, cancellationToken);
        }
        catch (Exception failure) when (failure is WebSocketException or OperationCanceledException)
        {
            // The caller left without a close frame, or the origin stops.
        }
        finally
        {
            OpenSockets.Decrement();
        }
    }

    private static async Task EchoAsync(WebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferSize];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseOutputAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, cancellationToken);
                return;
            }

            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, cancellationToken);
        }
    }
}
