using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Proxy;

namespace Microsoft.AspNetCore.Builder;

public static class McpProxyApplicationBuilderExtensions
{
    /// <summary>Ends the pipeline in the proxy: every request that comes here, and shows a key where keys are wanted, goes to the MCP server.</summary>
    public static void RunMcpProxy(this IApplicationBuilder app)
    {
        // Outermost, so that pages can read every refusal further in.
        app.UseMiddleware<CorsMiddleware>();
        app.UseMiddleware<AllowedAddressMiddleware>();
        app.UseMiddleware<PingMiddleware>();
        app.UseMiddleware<ApiKeyMiddleware>();
        var proxy = app.ApplicationServices.GetRequiredService<McpProxy>();
        app.Run(proxy.HandleAsync);
    }
}
