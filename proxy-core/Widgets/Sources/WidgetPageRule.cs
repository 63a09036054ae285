using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.Html;
using Tunnel.ProxyCore.Rewriting;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Widgets.Sources;

/// <summary>
/// Leads the URLs in pages and style sheets of widgets to the public origin. Pages get whole URLs: a page is often taken from here and shown
/// in a host's sandbox, where a relative one would lead to the host. A style sheet is always loaded from its own URL.
/// </summary>
internal sealed class WidgetPageRule : IResponseRule
{
    private const string Html = "text/html";
    private const string Css = "text/css";

    private static readonly string[] s_extensions = [".html", ".htm", ".css"];

    // As MIME types spell them (WHATWG Encoding, "names and labels"). In others, ASCII may not be ASCII.
    private static readonly string[] s_charsets = ["utf-8", "utf8", "us-ascii", "ascii"];

    public bool MayApply(ExchangeScope exchange) =>
        exchange is { IsOfWidgets: true, PublicOrigin: not null }
        && RequestKind.OnlyLoads(exchange.Context)
        && IsOrMayBecomeText(exchange.Path);

    public IBodyRewriter? Begin(ExchangeScope exchange)
    {
        var parts = exchange.Context.Response.ContentType?.Split(';', StringSplitOptions.TrimEntries) ?? [];
        if (parts is not [var type, ..] || !parts.Skip(1).All(IsReadable))
        {
            return null;
        }

        return type.Equals(Html, StringComparison.OrdinalIgnoreCase) ? new HtmlRewriter(MapFor(exchange, makesAbsolute: true))
            : type.Equals(Css, StringComparison.OrdinalIgnoreCase) ? new CssRewriter(MapFor(exchange, makesAbsolute: false))
            : null;
    }

    private static PublicUrlMap MapFor(ExchangeScope exchange, bool makesAbsolute) =>
        new(RequestTarget.ToUri(exchange.UpstreamOrigin, exchange.Path), [exchange.UpstreamOrigin], exchange.PublicOrigin, makesAbsolute);

    // Everything else keeps its coding and its ranges; a page of a dev server may have any path without an extension.
    private static bool IsOrMayBecomeText(string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return !name.Contains('.', StringComparison.Ordinal)
            || s_extensions.Any(end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsReadable(string parameter) =>
        !parameter.StartsWith("charset=", StringComparison.OrdinalIgnoreCase)
        || s_charsets.Contains(parameter["charset=".Length..].Trim('"'), StringComparer.OrdinalIgnoreCase);
}
