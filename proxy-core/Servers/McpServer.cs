using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.JsonRpc;
using Tunnel.ProxyCore.Routing;
using Tunnel.ProxyCore.Servers.Offers;

namespace Tunnel.ProxyCore.Servers;

/// <summary>
/// An MCP server as the proxy knows it: where it is, and under which paths callers find it. What callers ask for below
/// <see cref="Prefix"/> it is asked for without, except for the endpoint, which has a path of its own on either side.
/// <code>
/// callers:  /files/mcp   /files/sse   /.well-known/oauth-protected-resource/files/mcp
/// server:   /api/mcp     /sse         /.well-known/oauth-protected-resource/api/mcp
/// </code>
/// </summary>
internal sealed class McpServer : IDisposable
{
    /// <param name="options">Checked ones.</param>
    /// <param name="upstreams">All its addresses.</param>
    /// <param name="path">Where an application has put its endpoint; null where its name says that.</param>
    public McpServer(McpServerOptions options, UpstreamPool upstreams, string? path = null)
    {
        Name = options.Name;
        Label = options.Name ?? options.Urls[0].Authority;
        Prefix = path ?? (options.Name is null ? string.Empty : "/" + options.Name);
        Endpoint = options.Urls[0].AbsolutePath;
        PublicEndpoint = path ?? options.PublicPath;
        Upstreams = upstreams;
        Offer = new ServerOffer(options);
    }

    /// <summary>What it is called, or null for the one that has the paths nobody else has.</summary>
    public string? Name { get; }

    /// <summary>What records and events call it: its name, or without one where it is, as <c>localhost:9000</c>.</summary>
    public string Label { get; }

    /// <summary>What its paths begin with for callers: <c>/files</c>, or nothing.</summary>
    public string Prefix { get; }

    /// <summary>The path of its endpoint, on the server.</summary>
    public string Endpoint { get; }

    /// <summary>The path of its endpoint, for callers.</summary>
    public string PublicEndpoint { get; }

    /// <summary>The paths on the server that it told its legacy clients to post to.</summary>
    public AnnouncedEndpoints Announced { get; } = new();

    public UpstreamPool Upstreams { get; }

    /// <summary>What of it callers get to see.</summary>
    public ServerOffer Offer { get; }

    /// <summary>The path for callers of something that the server calls by its own path.</summary>
    public string PublicPathOf(string path) =>
        path == Endpoint ? PublicEndpoint
        : Prefix.Length > 0 && path.StartsWith(WellKnown.Root, StringComparison.Ordinal) ? WellKnown.With(this, path)
        : Prefix + path;

    /// <summary>
    /// What to ask the server for. By protocol, not by path: a JSON-RPC message goes to the endpoint whatever path the client was given,
    /// unless the server itself announced that path. Everything else keeps its target.
    /// </summary>
    /// <param name="target">The caller's request target in origin form.</param>
    /// <param name="message">The JSON-RPC message of a POST, or null where there is none.</param>
    public string TargetOf(string target, JsonRpcSummary? message)
    {
        var publicPath = RequestTarget.PathOf(target);
        var path = PathOf(publicPath);
        var isForEndpoint = message is not null && !Announced.Contains(path) && !IsEventStreamEndpoint;
        return (isForEndpoint ? Endpoint : path) + target[publicPath.Length..];
    }

    public void Dispose() => Upstreams.Dispose();

    // With --mcp http://host/sse the endpoint takes no POST at all; until one is announced the client's own path is the best guess.
    private bool IsEventStreamEndpoint => Endpoint.EndsWith("/sse", StringComparison.Ordinal);

    private string PathOf(string publicPath) =>
        Prefix.Length == 0 ? publicPath
        : publicPath.StartsWith(WellKnown.Root, StringComparison.Ordinal) ? WellKnown.Without(this, publicPath)
        : publicPath == PublicEndpoint ? Endpoint
        : publicPath.Length == Prefix.Length ? "/"
        : publicPath[Prefix.Length..];
}
