using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Tunnel.EndToEnd.Tests.Widgets;

/// <summary>What a host does with a widget: its page shows it in a sandboxed frame, under a policy, from an origin that the widget knows nothing of.</summary>
internal sealed class WidgetHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WidgetHost(WebApplication app)
    {
        _app = app;
        Url = new Uri(app.Urls.Single() + "/host");
    }

    public Uri Url { get; }

    public static async Task<WidgetHost> StartAsync(Widget widget, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            var isHost = context.Request.Path == "/host";
            context.Response.StatusCode = isHost || context.Request.Path == "/widget" ? 200 : 404;
            context.Response.ContentType = "text/html; charset=utf-8";
            if (!isHost)
            {
                context.Response.Headers.ContentSecurityPolicy = widget.Policy;
            }

            return context.Response.WriteAsync(
                isHost ? "<!doctype html><title>host</title><iframe sandbox='allow-scripts' src='/widget'></iframe>" : widget.Page,
                cancellationToken
            );
        });
        await app.StartAsync(cancellationToken);
        return new WidgetHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
