using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Tunnel.ProxyCore.Widgets.Explaining;

/// <summary>What becomes of a widget's policy, and why.</summary>
/// <param name="Uri">The widget's.</param>
/// <param name="Lists">For every directive that its server or a rule says something about.</param>
/// <param name="Policies">What each kind of host makes of it.</param>
public sealed record WidgetExplanation(string Uri, ImmutableArray<ExplainedList> Lists, ImmutableArray<HostPolicy> Policies)
{
    /// <param name="uri">The widget's.</param>
    /// <param name="listed">The <c>_meta</c> of the list of resources, if the widget is in it and has one.</param>
    /// <param name="read">The <c>_meta</c> of what was read. Where it has no word about a policy, the list's counts.</param>
    /// <param name="options">The rules.</param>
    /// <param name="surroundings">Where the widget is reached.</param>
    public static WidgetExplanation Of(string uri, JsonElement? listed, JsonElement? read, CspOptions options, CspSurroundings surroundings)
    {
        var ui = Find(read, "ui") ?? Find(listed, "ui");
        var openAiCsp = Find(read, "openai/widgetCSP") ?? (Find(read, "ui") is null ? Find(listed, "openai/widgetCSP") : null);
        var apps = DeclaredCsp.Read(Bytes(Find(ui, "csp")), WidgetSpelling.Apps);
        var openAi = DeclaredCsp.Read(Bytes(openAiCsp), WidgetSpelling.OpenAi);
        var composer = new CspComposer(options, surroundings);
        ImmutableArray<ExplainedList> lists =
        [
            .. Explain(composer, WidgetSpelling.Apps, apps, openAi, uri),
            .. Explain(composer, WidgetSpelling.OpenAi, openAi, apps, uri),
        ];
        return new WidgetExplanation(uri, lists, HostPolicies.Of(lists));
    }

    private static IEnumerable<ExplainedList> Explain(
        CspComposer composer,
        WidgetSpelling spelling,
        DeclaredCsp own,
        DeclaredCsp elsewhere,
        string uri
    ) =>
        spelling
            .Lists.Select(list =>
            {
                var (directive, name) = list;
                var declared = own.Of(directive);
                var reason = declared is null ? CspReason.DeclaredElsewhere : CspReason.Declared;
                var inherited = composer.HasReason ? elsewhere.Of(directive) : null;
                var result = composer.Compose(directive, declared ?? inherited, reason, uri);
                return new ExplainedList(name, directive, spelling == WidgetSpelling.OpenAi, declared, result);
            })
            .Where(list => list.Declared is not null || list.Result.IsStated || list.Result.Dropped.Length > 0);

    private static JsonElement? Find(JsonElement? parent, string name) =>
        parent is { ValueKind: JsonValueKind.Object } owner
        && owner.TryGetProperty(name, out var found)
        && found.ValueKind == JsonValueKind.Object
            ? found
            : null;

    private static ReadOnlyMemory<byte>? Bytes(JsonElement? json)
    {
        if (json is not { } element)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes(element.GetRawText());
    }
}

/// <summary>One list of a widget's metadata, before and after.</summary>
/// <param name="Name">As it is written there.</param>
/// <param name="Directive">What it is about.</param>
/// <param name="IsOpenAi">Whether it is in ChatGPT's own spelling.</param>
/// <param name="Declared">The server's, null where it has none.</param>
/// <param name="Result">What hosts get.</param>
public sealed record ExplainedList(string Name, CspDirective Directive, bool IsOpenAi, IReadOnlyList<string>? Declared, CspList Result);
