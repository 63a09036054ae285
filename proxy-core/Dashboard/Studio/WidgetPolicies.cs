using System.Text.Json;
using System.Text.Json.Nodes;
using Tunnel.ProxyCore.Widgets;
using Tunnel.ProxyCore.Widgets.Explaining;

namespace Tunnel.ProxyCore.Dashboard.Studio;

/// <summary>What hosts enforce for a widget whose metadata came through the proxy, where the rules have been applied to it already.</summary>
internal static class WidgetPolicies
{
    /// <param name="question"><c>{"uri":"ui://w","listed":{…},"read":{…}}</c>: the <c>_meta</c> of the list and of what was read.</param>
    /// <returns>Null where it is none.</returns>
    public static JsonObject? Answer(JsonElement question)
    {
        if (question.ValueKind != JsonValueKind.Object || !question.TryGetProperty("uri", out var uri) || uri.GetString() is not { } name)
        {
            return null;
        }

        var explained = WidgetExplanation.Of(
            name,
            Find(question, "listed"),
            Find(question, "read"),
            new CspOptions(),
            new CspSurroundings()
        );
        return new JsonObject
        {
            ["policies"] = new JsonArray([.. explained.Policies.Select(Write)]),
            ["lists"] = new JsonArray([.. explained.Lists.Select(Write)]),
        };
    }

    private static JsonObject Write(HostPolicy policy) =>
        new()
        {
            ["host"] = policy.Host,
            ["policy"] = policy.Policy,
            ["notes"] = new JsonArray([.. policy.Notes.Select(note => JsonValue.Create(note))]),
        };

    private static JsonObject Write(ExplainedList list) =>
        new()
        {
            ["name"] = list.Name,
            ["is_openai"] = list.IsOpenAi,
            ["sources"] = new JsonArray([.. list.Result.Sources.Select(source => JsonValue.Create(source))]),
        };

    private static JsonElement? Find(JsonElement question, string name) => question.TryGetProperty(name, out var found) ? found : null;
}
