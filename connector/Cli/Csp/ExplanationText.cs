using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Explaining;

namespace Tunnel.Connector.Cli.Csp;

/// <summary>An explanation for people, line by line.</summary>
internal static class ExplanationText
{
    // What a server writes there could be long.
    private const int MaxTextLength = 2000;

    public static IEnumerable<string> Format(DescribedWidget widget, WidgetExplanation explanation)
    {
        yield return $"{Plain(widget.Uri)}  {Plain(widget.MimeType ?? "no mimeType")}";
        foreach (var list in explanation.Lists)
        {
            yield return string.Empty;
            yield return $"  {(list.IsOpenAi ? "openai/widgetCSP" : "ui.csp")} {list.Name}: {Declared(list)}";
            foreach (var entry in list.Result.Entries)
            {
                yield return $"    + {entry.Source}  ({Why(entry, list)})";
            }

            foreach (var entry in list.Result.Dropped)
            {
                yield return $"    - {Plain(entry.Source)}  ({(entry.Reason == CspReason.Invalid ? entry.Detail : $"replaced by {RuleName(entry, list)}")})";
            }

            if (list.Result is { IsStated: true, Entries.IsEmpty: true })
            {
                yield return "    forbidden";
            }
        }

        foreach (var policy in explanation.Policies)
        {
            yield return string.Empty;
            yield return $"  {policy.Host}: {string.Join("; ", policy.Notes)}";
            yield return $"    Content-Security-Policy: {policy.Policy}";
        }
    }

    /// <summary>How a source came into a list.</summary>
    public static string Why(CspEntry entry, ExplainedList list) =>
        entry.Reason switch
        {
            CspReason.Declared => "declared",
            CspReason.DeclaredElsewhere => $"declared in {(list.IsOpenAi ? "ui.csp" : "openai/widgetCSP")} only",
            CspReason.MadePublic => $"for {Plain(entry.Detail ?? string.Empty)}, which hosts do not get to",
            CspReason.Rule => RuleName(entry, list),
            CspReason.PublicOrigin => "the public origin, where the widget's files come from",
            CspReason.HotReload => "hot reload of the development server",
            _ => "left out",
        };

    private static string Declared(ExplainedList list) =>
        list.Declared is null ? "not declared"
        : list.Declared.Count == 0 ? "declared empty"
        : $"declared {Plain(string.Join(", ", list.Declared))}";

    private static string RuleName(CspEntry entry, ExplainedList list)
    {
        var key = list.Directive switch
        {
            CspDirective.Connect => "connect",
            CspDirective.Resource => "resource",
            CspDirective.Frame => "frame",
            CspDirective.BaseUri => "base_uri",
            _ => "redirect",
        };
        return entry.Detail is null or "*" ? $"csp.{key}_domains" : $"[[csp.widget]] {Plain(entry.Detail)}";
    }

    private static string Plain(string text) => PlainText.Of(text, MaxTextLength);
}
