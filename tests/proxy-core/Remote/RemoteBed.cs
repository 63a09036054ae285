using System.IO.Pipelines;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.ProxyCore.Remote;
using Tunnel.Tests.Origins;
using Xunit;

namespace Tunnel.ProxyCore.Tests.Remote;

/// <summary>A client at standard input and output, and a server of a few lines on the network.</summary>
internal sealed class RemoteBed : IAsyncDisposable
{
    public const string Initialize =
        """{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    public const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";

    private readonly Pipe _input = new();
    private readonly Pipe _output = new();
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();
    private readonly CancellationTokenSource _stopping = new();
    private readonly StreamReader _lines;
    private KestrelHost _host = null!;
    private RemoteServer _server = null!;
    private int _sessions;
    private bool _hasEnded;

    private RemoteBed() => _lines = new StreamReader(_output.Reader.AsStream());

    /// <summary>Ends when the client is served no longer.</summary>
    public Task Run { get; private set; } = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <param name="answer">Answers what is no <c>initialize</c>; null for an empty result to each request.</param>
    /// <param name="configure">Changes the options.</param>
    /// <param name="time">By what the limits go.</param>
    /// <param name="login">Where tokens come from.</param>
    public static async Task<RemoteBed> StartAsync(
        Func<Asked, HttpContext, CancellationToken, Task>? answer = null,
        Func<RemoteServerOptions, RemoteServerOptions>? configure = null,
        TimeProvider? time = null,
        IRemoteLogin? login = null
    )
    {
        var bed = new RemoteBed();
        bed._host = await KestrelHost.StartAsync((context, stopping) => bed.AnswerAsync(context, answer, stopping), Cancellation);
        var options = new RemoteServerOptions { Url = new Uri(bed._host.BaseAddress, "/mcp") };
        bed._server = new RemoteServer(
            configure?.Invoke(options) ?? options,
            bed._output.Writer.AsStream(),
            login,
            time ?? TimeProvider.System,
            NullLogger<RemoteServer>.Instance
        );
        bed.Run = bed._server.RunAsync(bed._input.Reader.AsStream(), bed._stopping.Token);
        return bed;
    }

    /// <summary>Writes lines to standard input.</summary>
    public async Task WriteAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            await _input.Writer.WriteAsync(Encoding.UTF8.GetBytes(line + "\n"), Cancellation);
        }
    }

    /// <summary>Begins a session, up to the GET that listens to it.</summary>
    public async Task BeginAsync()
    {
        await WriteAsync(Initialize, Initialized);
        Assert.Contains("\"protocolVersion\"", await ReadAsync(), StringComparison.Ordinal);
        await AskedAsync("initialize");
        await AskedAsync("notifications/initialized");
        await AskedAsync("GET");
    }

    public void CloseInput() => _input.Writer.Complete();

    /// <summary>The next line of standard output.</summary>
    public async Task<string> ReadAsync() => await _lines.ReadLineAsync(Cancellation) ?? "the end";

    /// <summary>What the server is asked next, whose method has to be this one.</summary>
    public async Task<Asked> AskedAsync(string method)
    {
        var asked = await _asked.Reader.ReadAsync(Cancellation);
        Assert.Equal(method, asked.Method);
        return asked;
    }

    /// <summary>What the server is asked next, whatever it is.</summary>
    public async Task<Asked> AnyAskedAsync() => await _asked.Reader.ReadAsync(Cancellation);

    /// <summary>Ends as the program does when it has served its client.</summary>
    public async Task EndAsync()
    {
        if (!_hasEnded)
        {
            _hasEnded = true;
            await _server.DisposeAsync();
        }
    }

    public static async Task SendAsync(HttpContext context, string body, string type = "application/json", int status = 200)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = type;
        }

        await context.Response.WriteAsync(body, Cancellation);
        await context.Response.Body.FlushAsync(Cancellation);
    }

    public static Task SendEventAsync(HttpContext context, string data, string? id = null) =>
        SendAsync(context, $"{(id is null ? string.Empty : $"id: {id}\n")}data: {data}\n\n", "text/event-stream");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Run;
        await EndAsync();
        await _host.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task AnswerAsync(
        HttpContext context,
        Func<Asked, HttpContext, CancellationToken, Task>? answer,
        CancellationToken stopping
    )
    {
        using var reader = new StreamReader(context.Request.Body);
        var asked = new Asked(context.Request, await reader.ReadToEndAsync(stopping));
        await _asked.Writer.WriteAsync(asked, stopping);
        try
        {
            await (answer ?? AnswerAsync)(asked, context, stopping);
        }
        catch (OperationCanceledException)
        {
            // The client has left, or the test is over.
        }
    }

    /// <summary>What a server does with what a test has no opinion about.</summary>
    public async Task AnswerAsync(Asked asked, HttpContext context, CancellationToken stopping)
    {
        switch (asked.Method)
        {
            case "initialize":
                context.Response.Headers["Mcp-Session-Id"] = $"session-{Interlocked.Increment(ref _sessions)}";
                await SendAsync(context, asked.Result("""{"protocolVersion":"2025-11-25","capabilities":{}}"""));
                break;
            case "GET":
                await SendAsync(context, ": here\n\n", "text/event-stream");
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stopping);
                break;
            default:
                await (asked.IdText is null ? SendAsync(context, string.Empty, status: 202) : SendAsync(context, asked.Result("{}")));
                break;
        }
    }
}
