using System.Text;
using System.Text.Json;

namespace WeatherServer;

/// <summary>Standard input and output: a message is a line. Requests are worked on side by side; answers come as they are ready.</summary>
internal sealed class StandardStreams(McpServer server, Stream output) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);

    public void Dispose() => _writing.Dispose();

    /// <summary>Until the client closes its end, which is how it says that it is done.</summary>
    public async Task ServeAsync(Stream input)
    {
        using var lines = new StreamReader(input, Encoding.UTF8);
        var running = new List<Task>();
        while (await lines.ReadLineAsync() is { } line)
        {
            running.RemoveAll(task => task.IsCompleted);
            running.Add(AnswerAsync(line));
        }

        await Task.WhenAll(running);
    }

    private async Task AnswerAsync(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            if (JsonRpcMessage.From(json.RootElement) is not { } message)
            {
                await WriteAsync(JsonRpc.Response(null, new Failure(JsonRpc.InvalidRequest, "Invalid Request")));
            }
            else if (message.IsRequest)
            {
                await WriteAsync(await AnswerAsync(message));
            }
        }
        catch (JsonException)
        {
            await WriteAsync(JsonRpc.Response(null, new Failure(JsonRpc.ParseError, "Parse error")));
        }
    }

    private async Task<string> AnswerAsync(JsonRpcMessage message)
    {
        var (revision, failure) = Revision.Of(message, headers: null);
        if (revision is null)
        {
            return JsonRpc.Response(message.Id, failure!);
        }

        var progress = new Progress(message, (text, _) => WriteAsync(text));
        return JsonRpc.Response(
            message.Id,
            revision.Complete(await server.HandleAsync(message, revision, progress, CancellationToken.None))
        );
    }

    private async Task WriteAsync(string message)
    {
        await _writing.WaitAsync();
        try
        {
            await output.WriteAsync(Encoding.UTF8.GetBytes(message + "\n"));
            await output.FlushAsync();
        }
        finally
        {
            _writing.Release();
        }
    }
}
