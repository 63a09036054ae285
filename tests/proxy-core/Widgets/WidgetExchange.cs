using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Proxy;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Tests.Servers;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.ProxyCore.Tests.Widgets;

/// <summary>An exchange behind <c>https://otter.example.com/mcp</c>, and the rule about metadata as it sees it.</summary>
internal sealed class WidgetExchange
{
    private readonly ListedWidgets _listed = new();

    public string? PublicOrigin { get; init; } = "https://otter.example.com";

    public string Path { get; init; } = "/mcp";

    public string? Client { get; init; }

    public JsonRpcSummary? Message { get; init; } = new() { Method = "resources/read" };

    public CspOptions Csp { get; init; } = new();

    /// <summary>Whether the last message was changed as far as the exchange knows.</summary>
    public bool IsCspApplied { get; private set; }

    public Uri? WidgetServer { get; init; }

    public string? ServerName { get; init; }

    private McpServer Server => field ??= TestServers.Create(ServerName, "http://localhost:9000/mcp");

    public McpProxyOptions Options => new() { Csp = Csp, WidgetServer = WidgetServer };

    public WidgetMetadataRule Rule => new(_listed, new FixedOptions(Options));

    public ExchangeScope NewScope() =>
        new()
        {
            Context = new DefaultHttpContext(),
            Message = Message,
            Path = Path,
            Server = Server,
            Upstream = Server.Upstreams.All[0],
            UpstreamOrigin = "http://localhost:9000",
            CallerOrigin = PublicOrigin ?? "http://localhost:3000",
            PublicOrigin = PublicOrigin,
            Client = Client is null ? null : new ClientIdentity(Client, Version: null),
        };

    public MessageEditor NewEditor() => new([Rule, new WidgetHtmlRule(new FixedOptions(Options))], NewScope());

    public string EditHtml(string message) => Edit(message, new WidgetHtmlRule(new FixedOptions(Options)));

    public string Edit(string message) => Edit(message, Rule);

    private string Edit(string message, IMessageRule rule)
    {
        var scope = NewScope();
        var bytes = Encoding.UTF8.GetBytes(message);
        var changed = new MessageEditor([rule], scope).Edit(bytes);
        IsCspApplied = scope.IsCspApplied;
        return Encoding.UTF8.GetString((changed ?? bytes).Span);
    }

    public sealed class FixedOptions(McpProxyOptions options) : IOptionsMonitor<McpProxyOptions>
    {
        public McpProxyOptions CurrentValue => options;

        public McpProxyOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<McpProxyOptions, string?> listener) => null;
    }
}
