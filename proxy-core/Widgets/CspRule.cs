using System.Collections.Immutable;
using Tunnel.ProxyCore.Routing;

namespace Tunnel.ProxyCore.Widgets;

/// <summary>What the operator wants widgets to be allowed, for some directives.</summary>
public sealed record CspRule
{
    public static CspRule None { get; } = new();

    /// <summary>The directives that it says something about.</summary>
    public ImmutableSortedDictionary<CspDirective, CspListRule> Lists { get; init; } =
        ImmutableSortedDictionary<CspDirective, CspListRule>.Empty;

    /// <summary>Which widgets it is for, as a pattern for their URIs (<c>*</c> and <c>?</c>); null for all.</summary>
    public string? Match { get; init; }

    internal bool IsFor(string uri) => Match is null || Glob.Matches(Match, uri);
}

/// <summary>The part of a rule for one directive. Replacing by nothing is how to forbid.</summary>
public sealed record CspListRule(CspMode Mode, ImmutableArray<CspSource> Sources)
{
    internal bool HasEffect => Mode == CspMode.Replace || !Sources.IsEmpty;
}
