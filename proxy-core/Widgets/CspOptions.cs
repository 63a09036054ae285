using System.Collections.Immutable;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>What is done to the policies of widgets. Without anything set, they get what they need to load from the public origin.</summary>
public sealed record CspOptions
{
    /// <summary>In the order in which they count; a later one sees what an earlier one left.</summary>
    public ImmutableArray<CspRule> Rules { get; init; } = [];

    /// <summary>The https origin that ChatGPT derives a widget's sandbox from; null for the public origin.</summary>
    public Uri? Domain { get; init; }

    /// <summary>Whether widgets get a script that reports what their policy has stopped. Default false.</summary>
    public bool Report { get; init; }

    internal bool HasRules => Rules.Any(rule => rule.Lists.Values.Any(list => list.HasEffect));
}
