using System.Diagnostics;
using System.Net.WebSockets;

namespace Tunnel.Bench.Load.Workloads;

/// <summary>Messages over WebSockets that come back as they are, one at a time on each.</summary>
internal static class WebSocketEcho
{
    public static async Task<Measurement> RunAsync(LoadClient http, LoadOptions options, CancellationToken cancellationToken)
    {
        var times = new Histogram();
        var sockets = new ClientWebSocket[options.Callers];
        var message = new byte[options.Bytes];
        var buffers = sockets.Select(_ => new byte[options.Bytes]).ToArray();
        try
        {
            for (var caller = 0; caller < sockets.Length; caller++)
            {
                sockets[caller] = new ClientWebSocket();
                await sockets[caller].ConnectAsync(new UriBuilder(http.At("/ws")) { Scheme = "ws" }.Uri, http.Invoker, cancellationToken);
            }

            var (calls, seconds) = await Callers.RunAsync(sockets.Length, options.Duration, EchoAsync, cancellationToken);
            return new Measurement().Add("requests", calls).Add("rps", calls / seconds).Add(times);
        }
        catch (WebSocketException failure)
        {
            throw new LoadFailedException(failure.Message);
        }
        finally
        {
            foreach (var socket in sockets)
            {
                socket?.Dispose();
            }
        }

        async Task EchoAsync(int caller, CancellationToken token)
        {
            var start = Stopwatch.GetTimestamp();
            await sockets[caller].SendAsync(message.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, token);
            for (var received = 0; received < message.Length; )
            {
                var part = await sockets[caller].ReceiveAsync(buffers[caller].AsMemory(received), token);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    throw new LoadFailedException("the WebSocket was closed");
                }

                received += part.Count;
            }

            times.Add(Stopwatch.GetTimestamp() - start);
        }
    }
}
