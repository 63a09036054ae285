using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace Tunnel.Bench.Origin;

/// <summary>A WebSocket that sends back what it gets.</summary>
internal static class EchoSocket
{
    private const int BufferSize = 16 * 1024;

    public static async Task ServeAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[BufferSize];
        try
        {
            while (
                await socket.ReceiveAsync(buffer.AsMemory(), context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part
            )
            {
                await socket.SendAsync(buffer.AsMemory(0, part.Count), part.MessageType, part.EndOfMessage, context.RequestAborted);
            }

            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        }
        catch (Exception left) when (left is OperationCanceledException or WebSocketException)
        {
            // The run is over; nobody waits for a goodbye.
        }
    }
}
