using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Tunnel.Connector.Configuration;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.Connector.Hosting;

/// <summary>Hands the settings to the proxy core, at the start and whenever a file changes.</summary>
internal sealed class ProxySettings(LiveSettings settings) : IOptionsChangeTokenSource<McpProxyOptions>
{
    public string Name => Options.DefaultName;

    public static void Apply(Settings settings, McpProxyOptions proxy)
    {
        foreach (var server in ServersOf(settings))
        {
            proxy.Servers.Add(server);
        }

        if (settings.TryGet(ConfigurationSchema.Widgets, out var widgets))
        {
            proxy.WidgetServer = widgets.Server;
            proxy.WidgetFolder = widgets.Folder;
        }

        proxy.PublicUrl = settings.TryGet(ConfigurationSchema.PublicUrl, out var publicUrl) ? publicUrl : null;
        proxy.UpstreamTimeout = settings.Get(ConfigurationSchema.UpstreamTimeout);
        proxy.MaxInspectedBody = settings.Get(ConfigurationSchema.InspectedBody);
        proxy.KeepAlive = settings.Get(ConfigurationSchema.KeepAlive);
        proxy.ConnectTimeout = settings.Get(ConfigurationSchema.ConnectTimeout);
        proxy.AllowedNetworks = settings.TryGet(ConfigurationSchema.AllowIp, out var networks) ? networks : [];
        proxy.AcceptsKeyInQuery = settings.Get(ConfigurationSchema.ApiKeyInQuery);
        proxy.AnswersPing = settings.Get(ConfigurationSchema.Ping);
        proxy.ShowsEndpointPage = settings.Get(ConfigurationSchema.EndpointPage);
        proxy.Cors = CorsOf(settings);
        proxy.Csp = CspSettings.Read(settings);
    }

    private static CorsPolicy CorsOf(Settings settings) =>
        new()
        {
            IsEnabled = settings.Get(CorsSchema.Enabled),
            Origins = settings.Get(CorsSchema.Origins),
            Methods = settings.Get(CorsSchema.Methods),
            AllowedHeaders = settings.TryGet(CorsSchema.AllowedHeaders, out var allowed) ? allowed : [],
            ExposedHeaders = settings.TryGet(CorsSchema.ExposedHeaders, out var exposed) ? exposed : [],
            AllowsCredentials = settings.Get(CorsSchema.Credentials),
            MaxAge = settings.TryGet(CorsSchema.MaxAge, out var age) ? age : null,
        };

    /// <summary>The servers in the order in which people should see them: the one without a name first.</summary>
    public static IEnumerable<McpServerOptions> ServersOf(Settings settings)
    {
        if (settings.TryGet(ConfigurationSchema.Mcp, out var urls))
        {
            yield return WithOffer(new McpServerOptions { Urls = urls }, settings);
        }

        if (settings.TryGet(ConfigurationSchema.Command, out var command))
        {
            yield return WithOffer(new McpServerOptions { Stdio = ProgramSettings.Of(settings, command) }, settings);
        }

        foreach (var server in settings.Get(ConfigurationSchema.Servers))
        {
            var one = new McpServerOptions
            {
                Name = server.Get(ConfigurationSchema.ServerName),
                Tools = OfferSchema.ServerTools.Read(server),
                Prompts = OfferSchema.ServerPrompts.Read(server),
                Resources = OfferSchema.ServerResources.Read(server),
            };
            if (server.TryGet(ConfigurationSchema.ServerCommand, out var program))
            {
                one.Stdio = ProgramSettings.Of(settings, program);
            }
            else if (server.TryGet(ConfigurationSchema.ServerUrl, out var addresses))
            {
                one.Urls = addresses;
            }

            yield return one;
        }

        foreach (var server in DesktopServers.Read(settings))
        {
            yield return server;
        }
    }

    private static McpServerOptions WithOffer(McpServerOptions unnamed, Settings settings)
    {
        unnamed.Tools = OfferSchema.Tools.Read(settings);
        unnamed.Prompts = OfferSchema.Prompts.Read(settings);
        unnamed.Resources = OfferSchema.Resources.Read(settings);
        return unnamed;
    }

    public IChangeToken GetChangeToken() => settings.GetReloadToken();
}
