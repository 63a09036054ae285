using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Events.Shipping;
using Xunit;

namespace Tunnel.Connector.Tests.Cloud;

/// <summary>A relay's ingest that does what a test says: with each request the next thing, and when there is none it takes the batch.</summary>
internal sealed class IngestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly ConcurrentDictionary<Guid, EventLine> _kept = new();
    private readonly Channel<int> _requests = Channel.CreateUnbounded<int>();

    private IngestServer(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    /// <summary>What every request gets instead of being taken.</summary>
    public Func<HttpContext, Task>? Always { get; set; }

    /// <summary>What was taken, by its ids.</summary>
    public IReadOnlyCollection<EventLine> Kept => [.. _kept.Values];

    public IEnumerable<string?> Tools => Kept.Where(line => line.Event is not null).Select(line => line.Event!.Tool);

    /// <summary>Lines that were taken before, and came again.</summary>
    public int Repeated { get; private set; }

    /// <summary>The headers of the last request.</summary>
    public IHeaderDictionary LastHeaders { get; private set; } = new HeaderDictionary();

    /// <summary>The lines of each request.</summary>
    public ConcurrentQueue<int> Sizes { get; } = new();

    public static async Task<IngestServer> StartAsync(string url = "http://127.0.0.1:0")
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(url);
        builder.Services.AddRoutingCore();
        var server = new IngestServer(builder.Build());
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        server.Url = new Uri(
            server
                ._app.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.Single()
        );
        return server;
    }

    /// <summary>What the next request gets that has none yet.</summary>
    public void Next(Func<HttpContext, Task> answer) => _answers.Enqueue(answer);

    public void Next(int status, string? contentType = null, string body = "", params (string Name, string Value)[] headers) =>
        Next(Answer(status, contentType, body, headers));

    public static Func<HttpContext, Task> Answer(
        int status,
        string? contentType = null,
        string body = "",
        params (string Name, string Value)[] headers
    ) =>
        context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
            {
                context.Response.Headers[name] = value;
            }

            return context.Response.WriteAsync(body);
        };

    /// <summary>Ends when one more request was answered.</summary>
    public async Task AnsweredAsync(CancellationToken cancellationToken) => await _requests.Reader.ReadAsync(cancellationToken);

    /// <summary>Keeps a batch as a relay does.</summary>
    public async Task KeepAsync(HttpContext context, bool isAnswered = true)
    {
        var lines = CloudEvents.LinesOf(await BodyOf(context));
        var isNew = lines.Select(line => _kept.TryAdd(line.Id, line)).ToArray();
        Repeated += isNew.Count(one => !one);
        if (isAnswered)
        {
            context.Response.StatusCode = 202;
            await context.Response.WriteAsync($$"""{"accepted":{{isNew.Count(one => one)}},"known":{{isNew.Count(one => !one)}}}""");
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        LastHeaders = new HeaderDictionary(
            context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase)
        );
        Assert.Equal(("POST", IngestProtocol.Path), (context.Request.Method, context.Request.Path.Value));
        var answer = _answers.TryDequeue(out var wanted) ? wanted : Always ?? (one => KeepAsync(one));
        try
        {
            await answer(context);
            await context.Response.CompleteAsync();
        }
        finally
        {
            await _requests.Writer.WriteAsync(0);
        }
    }

    private async Task<byte[]> BodyOf(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Sizes.Enqueue(CloudEvents.LinesOf(body.ToArray()).Count);
        return body.ToArray();
    }
}
