using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tunnel.Connector.Cli;
using Tunnel.Connector.Configuration;
using Tunnel.Connector.Identity;
using Tunnel.Connector.Logging;
using Tunnel.Connector.Telemetry;
using Tunnel.Connector.Terminal;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Admin;
using Tunnel.ProxyCore.Captures;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Dashboard;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Telemetry.Prometheus;
using Tunnel.ProxyCore.Transport;
using Tunnel.ProxyCore.Widgets.Reports;

namespace Tunnel.Connector.Hosting;

/// <summary>The connector's web server: the proxy core behind a listener that dials out, a local port, or both.</summary>
internal static class ConnectorApplication
{
    // The relay bounds what one tunnel carries; HTTP/2 itself must never be what makes a request wait behind held streams.
    private const int MaxStreamsPerConnection = 100_000;

    /// <param name="settings">The upstream and its limits, as they are at any moment.</param>
    /// <param name="local">The local port, if there is one.</param>
    /// <param name="tunnel">Where tunnelled connections come from, if there is a tunnel.</param>
    /// <param name="apiKeys">Keys of which callers have to show one, as they are at any moment; none means that anybody may call.</param>
    /// <param name="watchers">Who hears of it.</param>
    /// <param name="drainTimeout">How long stopping waits for exchanges under way.</param>
    public static WebApplication Build(
        LiveSettings settings,
        LocalListener? local,
        TunnelListener? tunnel,
        LiveCallerKeys apiKeys,
        Watchers watchers,
        TimeSpan drainTimeout
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mcpr" });
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                ConfigureKestrel(kestrel, local, [watchers.Admin, watchers.Dashboard?.Listener], hasTunnel: tunnel is not null)
            );
        builder.Services.AddTransportMemory();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainTimeout);
        if (tunnel is not null)
        {
            builder.Services.AddSingleton<IConnectionListenerFactory>(tunnel);
        }

        AddWatchers(builder, settings, watchers);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<McpProxyOptions>, ProxySettings>();
        builder.Services.AddSingleton<IOptionsChangeTokenSource<McpProxyOptions>>(apiKeys);
        builder.Services.AddMcpProxy(proxy =>
        {
            ProxySettings.Apply(settings.Current, proxy);
            proxy.ApiKeys = apiKeys.Current;
        });
        builder.Services.AddSingleton(new AllowedHosts(settings.Current.TryGet(ConfigurationSchema.AllowHost, out var names) ? names : []));

        if (watchers is { Dashboard: { } dashboard, History: { } remembered })
        {
            builder.Services.AddDashboard(
                new DashboardOptions
                {
                    History = remembered,
                    Captures = settings.Current.Get(DashboardSchema.Bodies) ? new ExchangeCaptures() : null,
                    Version = ProductVersion.Current,
                },
                dashboard.Key
            );
        }

        var app = builder.Build();
        app.Services.GetRequiredService<ConnectorMetrics>();
        if (watchers.Admin is not null)
        {
            app.UseMiddleware<AdminMiddleware>();
        }

        if (watchers.Dashboard is not null)
        {
            app.UseDashboard();
        }

        app.UseCspReports();
        app.UseMiddleware<LocalCallMiddleware>();
        app.UseMiddleware<ProbeMiddleware>();
        app.RunMcpProxy();
        return app;
    }

    private static void AddWatchers(WebApplicationBuilder builder, LiveSettings settings, Watchers watchers)
    {
        builder.Logging.SetMinimumLevel(LogLevel.Debug);
        builder.Logging.AddProvider(new TerminalLog(watchers.Terminal.Say, settings));
        builder.Services.AddSingleton(watchers);
        builder.Services.AddSingleton<IExchangeSink>(watchers.Terminal);
        builder.Services.AddSingleton<ICspViolationSink>(new ViolationLines(watchers.Terminal.Say));
        if (watchers.Events is { } events)
        {
            builder.Services.AddSingleton<IEventSink>(events);
        }

        if (watchers.History is { } history)
        {
            builder.Services.AddSingleton<IEventSink>(history);
            builder.Services.AddSingleton<IToolListSink>(history);
        }

        if (watchers.Cloud is { } cloud)
        {
            builder.Services.AddSingleton<IEventSink>(cloud);
            builder.Services.AddSingleton<IToolListSink>(cloud);
        }

        if (watchers.Tunnel is { } tunnel)
        {
            builder.Services.AddSingleton<IPublicAddress>(tunnel);
        }

        builder.Services.AddSingleton<ConnectorMetrics>();
        builder.Services.AddSingleton<IReadiness, TunnelReadiness>();
        builder.Services.AddSingleton(_ => new MetricCollector(TelemetrySources.Meters));
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, LocalListener? local, MarkedListener?[] others, bool hasTunnel)
    {
        if (hasTunnel)
        {
            kestrel.Listen(new TunnelEndPoint(), ConfigureTunnel);
        }

        local?.AddTo(kestrel);
        foreach (var other in others)
        {
            other?.AddTo(kestrel);
        }

        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? PlainNumberEncoding.Instance : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
        // What the relay let in, plus the headers it adds, must never be too much here.
        limits.MaxRequestHeadersTotalSize = 64 * 1024;
        limits.MaxRequestHeaderCount = 256;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.Http2.MaxRequestHeaderFieldSize = 64 * 1024;
        limits.Http2.MaxStreamsPerConnection = MaxStreamsPerConnection;
        limits.Http2.InitialConnectionWindowSize = 8 << 20;
        limits.Http2.InitialStreamWindowSize = 2 << 20;
        limits.Http2.KeepAlivePingDelay = TunnelProtocol.PingInterval;
        limits.Http2.KeepAlivePingTimeout = TunnelProtocol.PingTimeout;
    }

    private static void ConfigureTunnel(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next =>
            connection =>
            {
                TunnelMark.Put(connection);
                return next(connection);
            }
        );
    }
}
