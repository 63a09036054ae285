using System.Net;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Servers;
using Tunnel.ProxyCore.Widgets;

namespace Tunnel.ProxyCore.Proxy;

/// <summary>What the proxy stands in front of.</summary>
public sealed class McpProxyOptions
{
    /// <summary>The longest <see cref="UpstreamTimeout"/>; relays give up a little later.</summary>
    public static readonly TimeSpan MaxUpstreamTimeout = TimeSpan.FromHours(1);

    /// <summary>The MCP servers, each under the paths of its name. They are read once, at the start.</summary>
    public IList<McpServerOptions> Servers { get; } = [];

    /// <summary>The dev server that widgets come from, such as <c>http://localhost:5173</c>; scheme and authority count.</summary>
    public Uri? WidgetServer { get; set; }

    /// <summary>The full path of the folder that widgets come from, where no server has them.</summary>
    public string? WidgetFolder { get; set; }

    /// <summary>Whether anything but the MCP server answers.</summary>
    public bool HasWidgets => WidgetServer is not null || WidgetFolder is not null;

    /// <summary>Where callers outside reach this proxy, such as <c>https://mcp.example.com</c>; without it, the origin each of them uses.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>How long the server may take until its response headers, while the request body is not moving. Default 300 s.</summary>
    public TimeSpan UpstreamTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>Keys of which callers have to show one; empty means that anybody may call. They belong in a file or the environment.</summary>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary>Whether callers may show their key in the query, as <c>auth_key</c>. URLs get into logs and histories. Default false.</summary>
    public bool AcceptsKeyInQuery { get; set; }

    /// <summary>Networks from which callers may call; empty means from anywhere. The address is the connection's.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; set; } = [];

    /// <summary>What pages of other origins may do.</summary>
    public CorsPolicy Cors { get; set; } = new();

    /// <summary>Whether <c>GET /ping</c> is answered with <c>pong</c> in place of the server. Default true.</summary>
    public bool AnswersPing { get; set; } = true;

    /// <summary>Whether people who open the endpoint in a browser are told what to do with it. Default true.</summary>
    public bool ShowsEndpointPage { get; set; } = true;

    /// <summary>How much of a JSON body is read ahead to know the exchange. A longer one is known by its first bytes only. Default 4 MiB.</summary>
    public int MaxInspectedBody { get; set; } = 4 << 20;

    /// <summary>How long an event stream may be silent until its caller gets a comment; zero for ever. Default 15 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection to the server may take to open. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What widgets may load and connect to, in addition to what their servers say.</summary>
    public CspOptions Csp { get; set; } = new();
}
