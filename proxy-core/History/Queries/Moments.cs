using System.Collections.Immutable;
using System.Globalization;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>What people write to say which part of the history they mean.</summary>
public static class Moments
{
    /// <summary>Both kinds of failure.</summary>
    private const string Failed = "failed";

    /// <summary>Nothing happened before, and ranges are reckoned with: twice as long before and rounded must be times too.</summary>
    private static readonly DateTimeOffset s_first = DateTimeOffset.UnixEpoch;

    private static readonly DateTimeOffset s_last = new(2500, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="text"><c>15m</c>, <c>6h</c> and <c>7d</c> back from now, or <c>2026-11-21T10:00:00</c>, in UTC with a <c>Z</c>.</param>
    /// <param name="now">The moment that spans go back from.</param>
    /// <returns>Null where the text is neither.</returns>
    public static DateTimeOffset? Parse(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return null;
        }

        if (text is [.., >= 'a' and <= 'z'] && Durations.TryParse(text, out var span))
        {
            return span < now - s_first ? now - span : s_first;
        }

        var isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time);
        // Dates begin with a year; a bare number would be taken for a day of this month.
        return !isTime || !text.Contains('-', StringComparison.Ordinal) ? null
            : time < s_first ? s_first
            : time > s_last ? s_last
            : time.ToUniversalTime();
    }

    /// <returns>The outcomes that words stand for.</returns>
    public static ImmutableArray<string> StatusesOf(IEnumerable<string> words) =>
        [.. words.SelectMany(word => word == Failed ? ["error", "tool_error"] : (string[])[word]).Distinct(StringComparer.Ordinal)];
}
