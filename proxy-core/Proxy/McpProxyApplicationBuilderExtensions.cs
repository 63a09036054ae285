using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Widgets.Reports;

namespace Microsoft.AspNetCore.Builder;

public static class McpProxyApplicationBuilderExtensions
{
    private const string TakesReports = "mcpr.csp-reports";

    /// <summary>
    /// Takes reports of what the policies of widgets have stopped, where that is wanted. It goes before whatever refuses callers of other
    /// origins: sandboxes have one of their own. Without a call of this it comes first in the proxy.
    /// </summary>
    public static void UseCspReports(this IApplicationBuilder app)
    {
        if (app.Properties.TryAdd(TakesReports, TakesReports))
        {
            app.UseMiddleware<ReportMiddleware>();
        }
    }

    /// <summary>Ends the pipeline in the proxy: every request that comes here, and shows a key where keys are wanted, goes to the MCP server.</summary>
    public static void RunMcpProxy(this IApplicationBuilder app)
    {
        app.UseCspReports();
        app.UseMcpAccess(middle => middle.UseMiddleware<PingMiddleware>());
        var proxy = app.ApplicationServices.GetRequiredService<McpProxy>();
        app.Run(context => proxy.HandleAsync(context));
    }

    /// <summary>Who may call, as the options have it.</summary>
    /// <param name="app">The pipeline.</param>
    /// <param name="open">Adds what those can have who show no key.</param>
    internal static void UseMcpAccess(this IApplicationBuilder app, Action<IApplicationBuilder>? open = null)
    {
        // Outermost, so that pages can read every refusal further in.
        app.UseMiddleware<CorsMiddleware>();
        app.UseMiddleware<AllowedAddressMiddleware>();
        open?.Invoke(app);
        app.UseMiddleware<ApiKeyMiddleware>();
    }
}
