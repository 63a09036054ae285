using System.Buffers;
using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>
/// Works out what a widget may load and connect to: what its server declared, with the addresses of this machine made public, then the rules
/// in their order, then the public origin where the widget's own files come from.
/// </summary>
public sealed class CspComposer(CspOptions options, CspSurroundings surroundings)
{
    /// <summary>Longer lists are cut, so that a policy still fits into a header.</summary>
    private const int MaxSources = 128;

    /// <summary>Whether there is anything to say: without a public origin and without rules hosts get what the server declared.</summary>
    public bool HasReason => surroundings.PublicOrigin is not null || options.HasRules;

    /// <param name="directive">What the list is about.</param>
    /// <param name="declared">The server's list, null where it has none.</param>
    /// <param name="reason">Where that list stands.</param>
    /// <param name="uri">The widget's.</param>
    public CspList Compose(CspDirective directive, IReadOnlyList<string>? declared, CspReason reason, string uri)
    {
        var list = new Draft();
        foreach (var text in declared ?? [])
        {
            list.Add(Declared(text, reason, list));
        }

        var isAsked = false;
        var isReplaced = false;
        foreach (var rule in options.Rules)
        {
            if (rule.IsFor(uri) && rule.Lists.GetValueOrDefault(directive) is { HasEffect: true } change)
            {
                isReplaced |= change.Mode == CspMode.Replace;
                isAsked |= !change.Sources.IsEmpty;
                Apply(rule, change, list);
            }
        }

        AddOwn(directive, isForbidden: declared is { Count: 0 } && !isAsked && !isReplaced, list);
        // What was a list of nonsense must not become one that forbids.
        var isStated = list.Entries.Count > 0 || isReplaced || declared is { Count: 0 };
        return new CspList([.. list.Entries], [.. list.Dropped], isStated);
    }

    private CspEntry? Declared(string text, CspReason reason, Draft list)
    {
        if (IsWholeScheme(text))
        {
            return new CspEntry(text, reason);
        }

        if (!CspSource.TryParse(text, out var source, out var problem))
        {
            list.Dropped.Add(new CspEntry(text, CspReason.Invalid, problem));
            return null;
        }

        return surroundings.MadePublic(source) is { } reachable
            ? new CspEntry(reachable.ToString(), CspReason.MadePublic, text)
            : new CspEntry(source.ToString(), reason);
    }

    private void Apply(CspRule rule, CspListRule change, Draft list)
    {
        var name = rule.Match ?? "*";
        if (change.Mode == CspMode.Replace)
        {
            list.Dropped.AddRange(list.Entries.Select(entry => entry with { Reason = CspReason.Rule, Detail = name }));
            list.Entries.Clear();
        }

        foreach (var source in change.Sources)
        {
            list.Add(new CspEntry((surroundings.MadePublic(source) ?? source).ToString(), CspReason.Rule, name));
        }
    }

    /// <summary>Frames are what hosts look at most closely, and base and redirects are no loading: they get what somebody asked for only.</summary>
    private void AddOwn(CspDirective directive, bool isForbidden, Draft list)
    {
        // Who serves widgets through mcpr, or wants reports, has asked for their loading.
        var isNeeded = !isForbidden || surroundings.ServesWidgets || options.Report;
        if (surroundings.PublicOrigin is not { } origin || !isNeeded || directive is not (CspDirective.Connect or CspDirective.Resource))
        {
            return;
        }

        list.Add(new CspEntry(origin.ToString(), CspReason.PublicOrigin));
        if (directive == CspDirective.Connect && surroundings.HotReloads)
        {
            list.Add(new CspEntry(origin.ForWebSockets().ToString(), CspReason.HotReload));
        }
    }

    /// <summary><c>data:</c> and <c>*</c>: more than a place. What the server says of itself is not ours to judge.</summary>
    private static bool IsWholeScheme(string text) =>
        text == "*" || (text.Length > 1 && text[^1] == ':' && text.AsSpan(0, text.Length - 1).IndexOfAnyExcept(s_schemeCharacters) < 0);

    private static readonly SearchValues<char> s_schemeCharacters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."
    );

    private sealed class Draft
    {
        public List<CspEntry> Entries { get; } = [];

        public List<CspEntry> Dropped { get; } = [];

        public void Add(CspEntry? entry)
        {
            if (entry is not null && Entries.Count < MaxSources && !Entries.Exists(other => other.Source == entry.Source))
            {
                Entries.Add(entry);
            }
        }
    }
}
