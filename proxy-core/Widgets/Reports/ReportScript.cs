using System.Net;
using System.Text;

namespace Tunnel.ProxyCore.Widgets.Reports;

/// <summary>
/// The script that tells what a widget's policy has stopped. It is loaded from the public origin, which every policy that we complete allows,
/// while one in the page would need leave for inline scripts. It sends origins only, each once.
/// </summary>
internal static class ReportScript
{
    public const string Path = "/_mcpr/csp-report.js";

    /// <summary>Where it posts to.</summary>
    public const string ReportPath = "/_mcpr/csp-report";

    /// <summary>The name of the widget in the script's URL.</summary>
    private const string WidgetParameter = "widget";

    /// <summary>Longer URIs are left out: the report then names no widget.</summary>
    private const int MaxUri = 512;

    /// <summary>A page tells at most 50 different things. A text has no preflight (Fetch, "CORS-safelisted request-header").</summary>
    public const string Text = """
        (() => {
          const script = document.currentScript;
          if (!script) return;
          const own = new URL(script.src);
          const target = new URL('csp-report', own);
          const widget = own.searchParams.get('widget');
          const told = new Set();
          const originOf = blocked => {
            try {
              const url = new URL(blocked);
              return url.origin === 'null' ? url.protocol.slice(0, -1) : url.origin;
            } catch {
              return blocked;
            }
          };
          document.addEventListener('securitypolicyviolation', event => {
            if (event.blockedURI.startsWith(target.href)) return;
            const blocked = originOf(event.blockedURI);
            const key = event.effectiveDirective + ' ' + blocked;
            if (told.has(key) || told.size === 50) return;
            told.add(key);
            const report = JSON.stringify({ widget, directive: event.effectiveDirective, blocked });
            fetch(target, { method: 'POST', body: report, mode: 'no-cors', credentials: 'omit', keepalive: true }).catch(() => {});
          });
        })();

        """;

    /// <summary>The element that loads it.</summary>
    /// <param name="publicOrigin">Scheme and authority that hosts can load from.</param>
    /// <param name="widget">The widget's URI, or the path of its page.</param>
    public static byte[] ElementFor(string publicOrigin, string widget)
    {
        var query = widget.Length > MaxUri ? string.Empty : $"?{WidgetParameter}={Uri.EscapeDataString(widget)}";
        return Encoding.UTF8.GetBytes($"<script src=\"{WebUtility.HtmlEncode(publicOrigin + Path + query)}\"></script>");
    }
}
