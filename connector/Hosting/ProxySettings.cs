using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.Connector.Hosting;

/// <summary>Hands the settings to the proxy core, at the start and whenever a file changes.</summary>
internal sealed class ProxySettings(LiveSettings settings) : IOptionsChangeTokenSource<McpProxyOptions>
{
    public string Name => Options.DefaultName;

    public static void Apply(Settings settings, McpProxyOptions proxy)
    {
        proxy.Upstream = settings.Get(ConfigurationSchema.Mcp);
        proxy.PublicUrl = settings.TryGet(ConfigurationSchema.PublicUrl, out var publicUrl) ? publicUrl : null;
        proxy.UpstreamTimeout = settings.Get(ConfigurationSchema.UpstreamTimeout);
        proxy.MaxInspectedBody = settings.Get(ConfigurationSchema.InspectedBody);
        proxy.KeepAlive = settings.Get(ConfigurationSchema.KeepAlive);
        proxy.ConnectTimeout = settings.Get(ConfigurationSchema.ConnectTimeout);
    }

    public IChangeToken GetChangeToken() => settings.GetReloadToken();
}
