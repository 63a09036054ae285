using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Tunnel.Relay.Tests.Identity;

/// <summary>An operator's service that answers as the test says.</summary>
internal sealed class FakeVerifier : IDisposable
{
    private readonly HttpListener _listener = new();

    public FakeVerifier()
    {
        var port = FreePort();
        Url = new Uri($"http://127.0.0.1:{port}/verify");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Status and body of the next answers; null for none at all.</summary>
    public (int Status, string Body)? Answer { get; set; } = (200, """{"owner":"alice"}""");

    /// <summary>What was asked: the signature and the body.</summary>
    public ConcurrentQueue<(string? Signature, string Body)> Questions { get; } = new();

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                Questions.Enqueue((context.Request.Headers["mcpr-signature"], await reader.ReadToEndAsync()));
                if (Answer is { } answer)
                {
                    context.Response.StatusCode = answer.Status;
                    context.Response.ContentType = "application/json";
                    await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer.Body));
                    context.Response.Close();
                }
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
