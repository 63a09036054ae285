using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Clients;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Servers;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>What a rule may know of the exchange whose response it changes.</summary>
internal sealed class ExchangeScope
{
    private readonly McpServer? _server;
    private readonly Upstream? _upstream;

    public required HttpContext Context { get; init; }

    /// <summary>The JSON-RPC message of the request, or null where there is none.</summary>
    public required JsonRpcSummary? Message { get; init; }

    /// <summary>The caller's path, as written and without the query.</summary>
    public required string Path { get; init; }

    /// <summary>The MCP server that the exchange belongs to. It knows which of its paths is which for callers.</summary>
    /// <exception cref="InvalidOperationException">The exchange is one of widgets.</exception>
    public McpServer Server
    {
        get => _server ?? throw new InvalidOperationException("widgets belong to no MCP server");
        init => _server = value;
    }

    /// <summary>Whether widgets answer, and no MCP server.</summary>
    public bool IsOfWidgets => _server is null;

    /// <summary>Which of the server's addresses is asked.</summary>
    /// <exception cref="InvalidOperationException">The exchange is one of widgets.</exception>
    public Upstream Upstream
    {
        get => _upstream ?? throw new InvalidOperationException("widgets belong to no MCP server");
        init => _upstream = value;
    }

    /// <summary>Scheme and authority of the server that answers, such as <c>http://localhost:9000</c>; of a folder, the caller's.</summary>
    public required string UpstreamOrigin { get; init; }

    /// <summary>Scheme and authority that the caller used, such as <c>https://brave-otter.tunnel.example.com</c>.</summary>
    public string CallerOrigin
    {
        get => field ??= Forwarding.CallerOrigin.Of(Context.Request, PublicUrl);
        init;
    }

    public required ClientIdentity? Client { get; init; }

    /// <summary>Where callers outside reach us, if that was configured.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// The origin that hosts can load from: the configured public URL's, else the caller's unless that is a port of this machine.
    /// Null where there is none, and nothing may be told to hosts then.
    /// </summary>
    public string? PublicOrigin
    {
        get =>
            (
                field ??=
                    PublicUrl?.GetLeftPart(UriPartial.Authority)
                    ?? (Forwarding.CallerOrigin.IsPublic(CallerOrigin) ? CallerOrigin : string.Empty)
            )
                is { Length: > 0 } origin
                ? origin
                : null;
        init => field = value ?? string.Empty;
    }

    /// <summary>How long the rules have worked on the body so far.</summary>
    public TimeSpan RewritingTime { get; set; }

    /// <summary>Set by the rules that have changed what a widget may load.</summary>
    public bool IsCspApplied { get; set; }
}
