using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Transport;
using Tunnel.Relay.AccessLog;
using Tunnel.Relay.Admin;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Control;
using Tunnel.Relay.Domains;
using Tunnel.Relay.Edge;
using Tunnel.Relay.Hosts;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Names;
using Tunnel.Relay.State;
using Tunnel.Relay.State.Redis;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Team;
using Tunnel.Relay.Tls;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay;

/// <summary>The relay put together: edge in front, then the relay's own endpoints.</summary>
internal static class RelayApplication
{
    /// <summary>How long stopping waits for exchanges and connections to end.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Lines that wait for a reader of the log; a few megabytes.</summary>
    private const int MaxUnreadLogLines = 16 * 1024;

    /// <summary>The longest message a connector may send on the control plane.</summary>
    private const int MaxControlMessageBytes = 32 * 1024;

    public static WebApplication Build(RelayOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mcpr-relay" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => ConfigureKestrel(kestrel, options));
        builder.Services.AddTransportMemory();
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            // Whoever reads the log must not be able to stop the relay by not reading it.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            console.MaxQueueLength = MaxUnreadLogLines;
        });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        builder
            .Logging.SetMinimumLevel(LogLevel.Warning)
            .AddFilter("Tunnel", LogLevel.Information)
            .AddFilter("Yarp", LogLevel.None)
            // It says so there when a part has failed and ends the relay; that it did not start, we say ourselves.
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical)
            .AddFilter("Microsoft.AspNetCore.Hosting", LogLevel.None);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        AddRelay(builder.Services, options);

        var app = builder.Build();
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<TunnelRegistry>().CloseAll);
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<StopRequest>().Tell);
        app.Services.GetRequiredService<DomainRoutes>().Changed += app.Services.GetRequiredService<DomainNews>().Tell;
        app.UseRelayAdmin(options);
        if (options.ClusterListen is not null)
        {
            app.UseMiddleware<ClusterMiddleware>();
        }

        app.UseVisitorOrigin(options);
        if (options.AccessLog != AccessLogFormat.Off)
        {
            app.UseMiddleware<AccessLogMiddleware>();
        }

        if (options.Tls.Mode == TlsMode.Acme)
        {
            var challenges = app.Services.GetRequiredService<HttpChallenges>();
            app.Use(
                async (context, next) =>
                {
                    if (context.Request.IsHttps || !await challenges.TryAnswerAsync(context))
                    {
                        await next(context);
                    }
                }
            );
        }

        if (options.Tls.IsOn)
        {
            app.UseMiddleware<HttpsOnlyMiddleware>();
        }

        app.UseMiddleware<EdgeMiddleware>();
        app.UseTeam(options);
        app.UseMiddleware<ControlAuthenticationMiddleware>();
        app.UseWebSockets();
        app.UseRouting();
        app.MapHub<ControlHub>(
            TunnelProtocol.ControlPath,
            hub =>
            {
                hub.Transports = HttpTransportType.WebSockets;
                hub.ApplicationMaxBufferSize = MaxControlMessageBytes;
                hub.TransportMaxBufferSize = MaxControlMessageBytes;
            }
        );
        app.MapGet(TunnelProtocol.DataPath, (HttpContext context, DataEndpoint data) => data.AcceptAsync(context));
        AccountEndpoints.Map(app);
        DomainEndpoints.Map(app);
        RelayHealth.Map(app);
        app.MapFallback("{**path}", context => ErrorResponse.WriteAsync(context, ErrorCatalog.NothingHere, ErrorSource.Edge));
        return app;
    }

    private static void AddRelay(IServiceCollection services, RelayOptions options)
    {
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(options);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IHostLifetime, CommandLineLifetime>();
        services.AddMetrics();
        if (options.AccessLog != AccessLogFormat.Off)
        {
            services.AddSingleton<AccessLogWriter>();
        }

        services.AddRelayAdmin(options);
        services.AddRoutingCore();
        services.AddStreamingForwarder();
        services.AddSingleton<HostClassifier>();
        services.AddDomains(options);
        services.AddTeam(options);
        services.AddSingleton<PublicAnswers>();
        services.AddSingleton<VisitorLimits>();
        services.AddSingleton<OpeningLimit>();
        services.AddSingleton<ConnectionLimit>();
        AddState(services, options);
        services.AddRelayTls(options);
        AddCluster(services, options);
        services.AddSingleton<CredentialVerifier>();
        services.AddSingleton<ConnectorAuthentication>();
        services.AddSingleton<AccountEndpoints>();
        services.AddSingleton<ITunnelEvictions, TunnelEvictions>();
        services.AddSingleton<DataTickets>();
        services.AddSingleton<DataEndpoint>();
        services.AddSingleton<RunningExchanges>();
        services.AddSingleton<RelayDrain>();
        services.AddSingleton<StopRequest>();
        services.AddSingleton<RequestHold>();
        services.AddSingleton<AwayNames>();
        services.AddSingleton<NodeForwarder>();
        services.AddSingleton<EdgeOutcomes>();
        services.AddSingleton<TunnelForwarder>();
        services.AddSingleton<TunnelRegistry>();
        services.AddHostedService(provider => provider.GetRequiredService<TunnelRegistry>());
        services.AddHostedService<NameUpkeep>();
        services.AddHostedService<CredentialWatch>();
        services
            .AddSignalR(hub =>
            {
                hub.KeepAliveInterval = TunnelProtocol.PingInterval;
                hub.ClientTimeoutInterval = TunnelProtocol.DeadAfter;
                hub.HandshakeTimeout = TunnelProtocol.PingTimeout;
                hub.MaximumReceiveMessageSize = MaxControlMessageBytes;
            })
            .AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
    }

    private static void AddState(IServiceCollection services, RelayOptions options)
    {
        if (options.RedisUrl is null)
        {
            services.AddSingleton<RelayDatabase>();
            services.AddSingleton<ITokenStore, SqliteTokenStore>();
            services.AddSingleton<INameStore, SqliteNameStore>();
            services.AddSingleton<IDomainStore, SqliteDomainStore>();
        }
        else
        {
            services.AddSingleton<RedisConnection>();
            services.AddSingleton<ITokenStore, RedisTokenStore>();
            services.AddSingleton<INameStore, RedisNameStore>();
            services.AddSingleton<IDomainStore, RedisDomainStore>();
            services.AddHostedService<RateExchange>();
        }
    }

    private static void AddCluster(IServiceCollection services, RelayOptions options)
    {
        if (options.ClusterListen is null)
        {
            services.AddSingleton<IOtherNodes, NoOtherNodes>();
            return;
        }

        services.AddSingleton<RouteStore>();
        if (options.ClusterTls.IsOn)
        {
            services.AddSingleton<ClusterTls>();
        }

        services.AddSingleton<NodeConnections>();
        services.AddSingleton<NodeDirectory>();
        services.AddSingleton<NodeAttendance>();
        services.AddSingleton<ClusterNodes>();
        services.AddSingleton<IOtherNodes>(provider => provider.GetRequiredService<ClusterNodes>());
        services.AddHostedService<NodeNews>();
        services.AddHostedService(provider => provider.GetRequiredService<ClusterNodes>());
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel, RelayOptions options)
    {
        foreach (var address in options.ListenAddresses())
        {
            Action<ListenOptions> configure = address.Scheme == Uri.UriSchemeHttps ? ListenForTls : ListenInTheClear;
            if (IPAddress.TryParse(address.DnsSafeHost, out var ip))
            {
                kestrel.Listen(ip, address.Port, configure);
            }
            else
            {
                kestrel.ListenLocalhost(address.Port, configure);
            }
        }

        if (options.ClusterListen is { } cluster)
        {
            kestrel.Listen(IPAddress.Parse(cluster.DnsSafeHost), cluster.Port, NodeListener.Configure);
        }

        // Those of visitors come first: where the relay listens is read from there.
        options.Admin?.AddTo(kestrel);
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = static name =>
            name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? PlainNumberEncoding.Instance : Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;

        // Bodies stream through at the pace of both ends; neither their size nor a pause in them is a fault.
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }

    private static void ListenInTheClear(ListenOptions listen) =>
        listen.ApplicationServices.GetRequiredService<ConnectionLimit>().AddTo(listen);

    private static void ListenForTls(ListenOptions listen)
    {
        // First, so that handshakes that never end count.
        ListenInTheClear(listen);
        TlsListener.Configure(listen);
    }
}
