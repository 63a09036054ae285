using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Tunnel.Relay.Tests.Team.Alerts.Webhooks;

/// <summary>Somebody who gets messages, and answers as the test says.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();
    private readonly SemaphoreSlim _arrivals = new(0);

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public Uri Url => new($"{_app.Urls.Single()}/hook/secret");

    public ConcurrentQueue<ReceivedMessage> Messages { get; } = new();

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>What the next message gets that nothing was said for yet; otherwise it is 204.</summary>
    public void AnswerWith(int status) =>
        AnswerWith(context =>
        {
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });

    public void AnswerWith(Func<HttpContext, Task> answer) => _answers.Enqueue(answer);

    /// <summary>Waits until one more message is there.</summary>
    public Task ArrivalAsync(CancellationToken cancellationToken) => _arrivals.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        _arrivals.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers;
        Messages.Enqueue(
            new ReceivedMessage(
                context.Request.Path,
                headers["webhook-id"].ToString(),
                headers["webhook-timestamp"].ToString(),
                headers["webhook-signature"].ToString(),
                headers.ContentType.ToString(),
                body.ToArray()
            )
        );
        _arrivals.Release();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        if (_answers.TryDequeue(out var answer))
        {
            await answer(context);
        }
    }
}

internal sealed record ReceivedMessage(string Path, string Id, string Timestamp, string Signature, string ContentType, byte[] Body);
