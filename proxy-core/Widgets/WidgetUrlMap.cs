using System.Text;
using Tunnel.ProxyCore.Html;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// Decides about the URLs of a widget that came in a message: of what its server and the widget server call their own, the public URL. The
/// files of an MCP server that callers reach under a name are below that name.
/// </summary>
internal sealed class WidgetUrlMap : IUrlMap
{
    private readonly IUrlMap _widgets;
    private readonly IUrlMap _server;

    /// <summary><c>//brave-otter.example.com</c></summary>
    private readonly byte[] _authority;
    private readonly byte[] _prefix;

    /// <param name="publicOrigin">Scheme and authority for hosts.</param>
    /// <param name="serverOrigin">Scheme and authority of the MCP server.</param>
    /// <param name="prefix">What the paths of the MCP server begin with for callers: <c>/files</c>, or nothing.</param>
    /// <param name="widgetOrigin">Of the source of widgets, which relative URLs then belong to; null where there is none.</param>
    public WidgetUrlMap(string publicOrigin, string serverOrigin, string prefix, string? widgetOrigin)
    {
        _widgets = Map(publicOrigin, widgetOrigin ?? serverOrigin, makesAbsolute: widgetOrigin is not null || prefix.Length == 0);
        _server = Map(publicOrigin, serverOrigin, makesAbsolute: widgetOrigin is null);
        _authority = Encoding.UTF8.GetBytes("//" + new Uri(publicOrigin).Authority);
        _prefix = Encoding.UTF8.GetBytes(prefix);
    }

    private WidgetUrlMap(WidgetUrlMap other, ReadOnlySpan<byte> baseUrl)
    {
        (_authority, _prefix) = (other._authority, other._prefix);
        _widgets = other._widgets.Under(baseUrl);
        _server = other._server.Under(baseUrl);
    }

    public byte[]? Map(ReadOnlySpan<byte> url) =>
        _prefix.Length == 0
            ? _widgets.Map(url) ?? _server.Map(url)
            : (_server.Map(url) is { } mapped ? BelowPrefix(mapped) : null) ?? _widgets.Map(url);

    public IUrlMap Under(ReadOnlySpan<byte> baseUrl) => new WidgetUrlMap(this, baseUrl);

    private byte[] BelowPrefix(byte[] url) =>
        // A WebSocket's URL has another scheme and the same authority.
        url.AsSpan().IndexOf(_authority)
            is >= 0
                and var at
            ? [.. url.AsSpan(0, at + _authority.Length), .. _prefix, .. url.AsSpan(at + _authority.Length)]
            : url;

    private static PublicUrlMap Map(string publicOrigin, string localOrigin, bool makesAbsolute) =>
        new(new Uri(localOrigin + "/"), [localOrigin], publicOrigin, makesAbsolute);
}
