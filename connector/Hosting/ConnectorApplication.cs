using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tunnel.Connector.Tunneling;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.Connector.Hosting;

/// <summary>The connector's web server: the proxy core behind a listener that dials out.</summary>
internal static class ConnectorApplication
{
    // The relay bounds what one tunnel carries; HTTP/2 itself must never be what makes a request wait behind held streams.
    private const int MaxStreamsPerConnection = 100_000;

    /// <param name="configure">The upstream and its limits.</param>
    /// <param name="listener">Where connections come from.</param>
    /// <param name="sink">Who hears of finished exchanges.</param>
    /// <param name="drainTimeout">How long stopping waits for exchanges under way.</param>
    public static WebApplication Build(
        Action<McpProxyOptions> configure,
        TunnelListener listener,
        IExchangeSink sink,
        TimeSpan drainTimeout
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "mcpr" });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ConfigureKestrel);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainTimeout);
        builder.Services.AddSingleton<IConnectionListenerFactory>(listener);
        builder.Services.AddSingleton(sink);
        builder.Services.AddMcpProxy(configure);

        var app = builder.Build();
        app.UseMiddleware<ProbeMiddleware>();
        app.RunMcpProxy();
        return app;
    }

    private static void ConfigureKestrel(KestrelServerOptions kestrel)
    {
        kestrel.Listen(new TunnelEndPoint(), listen => listen.Protocols = HttpProtocols.Http2);
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
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
}
