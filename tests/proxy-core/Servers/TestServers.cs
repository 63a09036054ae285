using Microsoft.Extensions.DependencyInjection;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Tests.Servers;

/// <summary>The servers of a proxy that nobody calls.</summary>
internal static class TestServers
{
    /// <param name="servers">Name, or nothing, and URL of each.</param>
    public static McpServers Create(params (string? Name, string Url)[] servers)
    {
        var services = new ServiceCollection();
        services.AddMcpProxy(proxy =>
        {
            foreach (var (name, url) in servers)
            {
                proxy.Servers.Add(new McpServerOptions { Name = name, Urls = [new Uri(url)] });
            }
        });
        return services.BuildServiceProvider().GetRequiredService<McpServers>();
    }

    public static McpServer Create(McpServerOptions options)
    {
        var services = new ServiceCollection();
        services.AddMcpProxy(proxy => proxy.Servers.Add(options));
        return services.BuildServiceProvider().GetRequiredService<McpServers>().All.Single();
    }

    public static McpServer Create(string? name, string url) => Create((name, url)).Find(name is null ? "/" : "/" + name)!;
}
