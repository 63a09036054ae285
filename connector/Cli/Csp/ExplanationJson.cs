using System.Text.Json.Nodes;
using Tunnel.ProxyCore.Widgets.Explaining;

namespace Tunnel.Connector.Cli.Csp;

/// <summary>Explanations for scripts.</summary>
internal static class ExplanationJson
{
    public static JsonArray Of(IEnumerable<(DescribedWidget Widget, WidgetExplanation Explanation)> all) =>
        [.. all.Select(one => (JsonNode)Of(one.Widget, one.Explanation))];

    private static JsonObject Of(DescribedWidget widget, WidgetExplanation explanation) =>
        new()
        {
            ["uri"] = widget.Uri,
            ["mime_type"] = widget.MimeType,
            ["lists"] = new JsonArray([.. explanation.Lists.Select(list => (JsonNode)Of(list))]),
            ["policies"] = new JsonArray([
                .. explanation.Policies.Select(policy =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["host"] = policy.Host,
                            ["policy"] = policy.Policy,
                            ["notes"] = Texts(policy.Notes),
                        }
                ),
            ]),
        };

    private static JsonObject Of(ExplainedList list) =>
        new()
        {
            ["spelling"] = list.IsOpenAi ? "openai/widgetCSP" : "ui.csp",
            ["name"] = list.Name,
            ["declared"] = list.Declared is null ? null : Texts(list.Declared),
            ["stated"] = list.Result.IsStated,
            ["sources"] = new JsonArray([
                .. list.Result.Entries.Select(entry =>
                    (JsonNode)new JsonObject { ["source"] = entry.Source, ["why"] = ExplanationText.Why(entry, list) }
                ),
            ]),
            ["dropped"] = Texts(list.Result.Dropped.Select(entry => entry.Source)),
        };

    private static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode?)text)];
}
