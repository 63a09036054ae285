using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Microsoft.AspNetCore.Builder;

/// <summary>MCP servers among the endpoints of an application.</summary>
public static class McpProxyEndpointRouteBuilderExtensions
{
    /// <summary>Puts an MCP server at a path of the application: <c>app.MapMcpProxy("/weather/mcp", new Uri("http://localhost:9000/mcp"))</c>.</summary>
    /// <inheritdoc cref="MapMcpProxy(IEndpointRouteBuilder, string, Action{McpServerOptions})"/>
    public static IEndpointConventionBuilder MapMcpProxy(this IEndpointRouteBuilder endpoints, string path, Uri upstream) =>
        endpoints.MapMcpProxy(path, server => server.Urls = [upstream]);

    /// <summary>
    /// Puts an MCP server at a path of the application, with everything below that path and the well-known documents about it.
    /// It needs <c>services.AddMcpProxy()</c>; keys, CORS and limits are those of its options.
    /// </summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="path">Where callers find the server's endpoint, from the root and without parameters: <c>/weather/mcp</c>.</param>
    /// <param name="configure">Says where the server is and what of it callers get. A name has no meaning here.</param>
    /// <returns>All endpoints of the server, for what is to hold for every one of them.</returns>
    /// <exception cref="ArgumentException">The path or the server's options cannot be used.</exception>
    public static IEndpointConventionBuilder MapMcpProxy(
        this IEndpointRouteBuilder endpoints,
        string path,
        Action<McpServerOptions> configure
    )
    {
        if (
            !path.StartsWith('/')
            || path.Length == 1
            || path.EndsWith('/')
            || path.AsSpan().ContainsAny('{', '}', '?')
            || endpoints is RouteGroupBuilder
        )
        {
            throw new ArgumentException($"'{path}' is no path from the root of the application, such as /weather/mcp", nameof(path));
        }

        var options = new McpServerOptions();
        configure(options);
        if (options.FindProblems().FirstOrDefault() is { } problem)
        {
            throw new ArgumentException($"{path}: {problem}", nameof(configure));
        }

        var services = endpoints.ServiceProvider;
        var server = services.GetRequiredService<McpServers>().Map(options, path);
        var handler = BuildHandler(endpoints, services.GetRequiredService<McpProxy>(), server);
        var all = endpoints.MapGroup(string.Empty);
        all.Map(path, handler);
        all.Map(path + "/{**rest}", handler);
        all.Map(WellKnown.Root + "{document}" + path, handler);
        return all;
    }

    private static RequestDelegate BuildHandler(IEndpointRouteBuilder endpoints, McpProxy proxy, McpServer server)
    {
        var app = endpoints.CreateApplicationBuilder();
        app.UseMcpAccess();
        app.Run(context =>
        {
            // What a caller says about where it comes from is not to be believed; what the application has found out is.
            ForwardingHeaders.Replace(context.Request, context.Request.Scheme);
            return proxy.HandleAsync(context, server);
        });
        return app.Build();
    }
}
