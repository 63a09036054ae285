using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tunnel.ProxyCore.History.Queries;

/// <summary>A place between two events: <c>1763719800123-4711</c>.</summary>
/// <param name="At">The time of the last event before it, in milliseconds since 1970.</param>
/// <param name="Sequence">Its place among those of the same time.</param>
public sealed record EventCursor(long At, long Sequence)
{
    public static bool TryParse(string text, [NotNullWhen(true)] out EventCursor? cursor)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        cursor =
            dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new EventCursor(at, sequence)
                : null;
        return cursor is not null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At}-{Sequence}");
}
