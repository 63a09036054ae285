using System.Buffers;
using System.Collections.Immutable;
using System.IO.Enumeration;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Identity;

/// <summary>The names that somebody may have: <c>*</c> for all, <c>alice-*</c>, <c>shop</c>, several with commas in between.</summary>
internal sealed class NamePatterns
{
    private const int MaxPatterns = 16;
    private const int MaxPatternLength = 63;
    private const char Anything = '*';

    private static readonly SearchValues<char> s_allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-*");

    private readonly ImmutableArray<string> _patterns;

    private NamePatterns(ImmutableArray<string> patterns)
    {
        _patterns = patterns;
    }

    public static NamePatterns Any { get; } = new(["*"]);

    public static NamePatterns None { get; } = new([]);

    /// <summary>The one name where there is only one.</summary>
    public string? OnlyName => _patterns is [var only] && !only.Contains(Anything) ? only : null;

    /// <returns>Null when it is no list of patterns.</returns>
    public static NamePatterns? Parse(string text) => From(text.Split(',', StringSplitOptions.TrimEntries));

    /// <inheritdoc cref="Parse"/>
    public static NamePatterns? From(IEnumerable<string?> patterns)
    {
        // JSON of others can have null where a text belongs.
        ImmutableArray<string> lower = [.. patterns.Select(pattern => pattern?.ToLowerInvariant() ?? string.Empty).Take(MaxPatterns + 1)];
        return lower.Length is > 0 and <= MaxPatterns && lower.All(IsSound) ? new NamePatterns(lower) : null;
    }

    public bool Allows(string name) => _patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Names to choose a new one from, all of them allowed.</summary>
    public IReadOnlyList<string> Candidates() =>
        [
            .. Enumerable
                .Range(0, _patterns.IsEmpty ? 0 : NameGenerator.Attempts)
                .Select(attempt => Fill(_patterns[attempt % _patterns.Length], NameGenerator.Next(attempt)))
                .Select(NameRules.Normalize)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ];

    public override string ToString() => string.Join(',', _patterns);

    /// <summary>alice-* and brave-otter make alice-brave-otter.</summary>
    private static string Fill(string pattern, string generated)
    {
        var star = pattern.IndexOf(Anything, StringComparison.Ordinal);
        return star < 0
            ? pattern
            : (pattern[..star] + generated + pattern[(star + 1)..]).Replace("*", string.Empty, StringComparison.Ordinal);
    }

    private static bool IsSound(string pattern) =>
        pattern.Length is > 0 and <= MaxPatternLength && !pattern.AsSpan().ContainsAnyExcept(s_allowed);
}
