using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.ProxyCore.Remote;

/// <summary>
/// The client at standard output: a line for every message, whole and one after the other. An answer is given once, and only to who waits
/// for it; what is no message of JSON-RPC never gets there.
/// </summary>
internal sealed partial class LocalClient(Stream output, RemoteCalls calls, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>Hands on what the server said: one message, or several in an array (revision 2025-03-26).</summary>
    public async ValueTask TakeAsync(ReadOnlyMemory<byte> data)
    {
        var messages = Bridge.Web.BridgeRequest.Messages(data);
        if (messages is null)
        {
            Log.NoMessage(logger, data.Length);
            return;
        }

        foreach (var message in messages)
        {
            await TakeAsync(message);
        }
    }

    /// <summary>Tells the client that a request of its failed.</summary>
    public ValueTask FailAsync(RemoteCall call, ProxyError error, string? detail) =>
        TakeAsync(RpcMessage.Read(Bridge.Web.Answers.Failure(call.Request.IdText, error, detail))!);

    /// <summary>Writes a line of our own, for what has no request.</summary>
    public ValueTask SayAsync(ReadOnlyMemory<byte> message) => WriteAsync(message);

    public void Dispose() => _writing.Dispose();

    private async ValueTask TakeAsync(RpcMessage message)
    {
        if (!message.IsResponse)
        {
            await WriteAsync(message.Text);
        }
        else if (calls.Take(message) is not { } call)
        {
            Log.Unmatched(logger);
        }
        else
        {
            if (!call.IsOwn && !call.Left.IsCancellationRequested)
            {
                await WriteAsync(message.Text);
            }

            call.End(message);
        }
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> message)
    {
        byte[] line = [.. OneLine.Of(message).Span, (byte)'\n'];
        await _writing.WaitAsync();
        try
        {
            await output.WriteAsync(line);
            await output.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2301, LogLevel.Warning, "dropped {Bytes} bytes of the server that are no JSON-RPC message")]
        public static partial void NoMessage(ILogger logger, int bytes);

        [LoggerMessage(2302, LogLevel.Debug, "dropped an answer that nobody waits for")]
        public static partial void Unmatched(ILogger logger);
    }
}
