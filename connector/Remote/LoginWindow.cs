using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tunnel.ProxyCore.Remote;
using Tunnel.ProxyCore.Remote.Login;

namespace Tunnel.Connector.Remote;

/// <summary>
/// The browser of whoever sits at this machine. The way back is a port of loopback that is open for as long as the login takes
/// (RFC 8252 section 7.3).
/// </summary>
/// <param name="port">The port; 0 for a free one.</param>
/// <param name="opensBrowser">Whether to open the page, besides saying where it is.</param>
/// <param name="say">Tells the person.</param>
internal sealed class LoginWindow(int port, bool opensBrowser, Action<string> say) : ILoginWindow
{
    private const string Path = "/callback";

    public async Task<ILoginReturn> OpenAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mcpr" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        // Signals are for the program.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        var app = builder.Build();
        var way = new WayBack(app, opensBrowser, say);
        app.Run(way.AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken);
            return way;
        }
        catch (IOException taken)
        {
            await app.DisposeAsync();
            throw new RemoteLoginException($"127.0.0.1:{port} cannot be listened on: {taken.Message}");
        }
    }

    private sealed class WayBack(WebApplication app, bool opensBrowser, Action<string> say) : ILoginReturn
    {
        private readonly TaskCompletionSource<string> _query = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile string? _state;

        public Uri RedirectUri => new(new Uri(app.Urls.Single()), Path);

        public Task<string> ShowAsync(Uri page, string state, CancellationToken cancellationToken)
        {
            _state = state;
            say($"log in at {page.Authority}: {page.AbsoluteUri}");
            if (opensBrowser)
            {
                Browser.Open(page);
            }

            return _query.Task.WaitAsync(cancellationToken);
        }

        public async Task AnswerAsync(HttpContext context)
        {
            var isIt = context.Request.Path == Path && _state is { } state && context.Request.Query["state"] == state;
            context.Response.StatusCode = isIt ? StatusCodes.Status200OK : StatusCodes.Status404NotFound;
            context.Response.ContentType = "text/plain; charset=utf-8";
            // The address has the code in it.
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.WriteAsync(
                isIt ? "mcpr has its answer. You can close this page.\n" : "There is nothing here.\n",
                context.RequestAborted
            );
            await context.Response.CompleteAsync();
            if (isIt)
            {
                _query.TrySetResult(context.Request.QueryString.Value!.TrimStart('?'));
            }
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
