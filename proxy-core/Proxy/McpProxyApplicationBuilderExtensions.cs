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
        // Outermost, so that pages can read every refusal further in.
        app.UseCspReports();
        app.UseMiddleware<CorsMiddleware>();
        app.UseMiddleware<AllowedAddressMiddleware>();
        app.UseMiddleware<PingMiddleware>();
        app.UseMiddleware<ApiKeyMiddleware>();
        var proxy = app.ApplicationServices.GetRequiredService<McpProxy>();
        app.Run(proxy.HandleAsync);
    }
}
