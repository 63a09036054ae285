using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Bench.IdleTunnels;

/// <summary>Many connectors in one process: each has an owner, a control connection and data connections of its own, and they share a Kestrel.</summary>
internal static class Holder
{
    /// <summary>What a holder says when all its tunnels carry requests.</summary>
    public const string Ready = "ready";

    /// <summary>Tunnels that are being opened at the same time.</summary>
    private const int OpenedAtOnce = 32;

    private const int SecretBytes = 32;

    public static async Task RunAsync(Uri relay, int tunnels, CancellationToken stopping)
    {
        await using var listener = new TunnelListener();
        await using var app = Serve(listener);
        await app.StartAsync(stopping);
        await using var disturbances = Disturbances.Watch(TimeProvider.System);
        var dataPlane = new DataPlane(listener, RelayTrust.Machine, disturbances, TimeProvider.System);
        using var turns = new SemaphoreSlim(OpenedAtOnce);
        List<Task<TunnelRefusal?>> running = [];
        List<Task> up = [];
        for (var tunnel = 0; tunnel < tunnels; tunnel++)
        {
            await turns.WaitAsync(stopping);
            var observer = new UpSignal(() => turns.Release());
            up.Add(observer.Up);
            var client = new TunnelClient(SettingsOf(relay, tunnel), dataPlane, disturbances, observer, TimeProvider.System);
            running.Add(client.RunAsync(stopping));
        }

        await Task.WhenAll(up).WaitAsync(stopping);
        await Console.Out.WriteLineAsync(Ready);
        foreach (var ended in await Task.WhenAll(running))
        {
            if (ended is not null)
            {
                await Console.Error.WriteLineAsync($"{ended.Code}: {ended.Message}");
            }
        }
    }

    private static TunnelSettings SettingsOf(Uri relay, int tunnel) =>
        new(
            [relay],
            $"mcpra_{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes))}",
            RelayTrust.Machine,
            new OpenTunnelRequest(TunnelProtocol.Version, "bench", Name: null, tunnel.ToString(CultureInfo.InvariantCulture))
        );

    /// <summary>As much of a connector as answers the relay's first request and its pings.</summary>
    private static WebApplication Serve(TunnelListener listener)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(new TunnelEndPoint(), listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.Http2.KeepAlivePingDelay = TunnelProtocol.PingInterval;
            kestrel.Limits.Http2.KeepAlivePingTimeout = TunnelProtocol.PingTimeout;
        });
        builder.Services.AddSingleton<IConnectionListenerFactory>(listener);
        var app = builder.Build();
        app.UseMiddleware<ProbeMiddleware>();
        app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        return app;
    }

    private sealed class UpSignal(Action onFirst) : ITunnelObserver
    {
        private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Up => _up.Task;

        void ITunnelObserver.Up(OpenedTunnel tunnel, Uri relay)
        {
            if (_up.TrySetResult())
            {
                onFirst();
            }
        }

        public void Lost() { }

        public void Retrying(string reason, TimeSpan delay) => Console.Error.WriteLine($"{reason}; again in {delay.TotalSeconds:0.0} s");

        public void Unused() { }

        public void Noticed(string text) { }
    }
}
