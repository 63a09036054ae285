namespace Tunnel.ProxyCore.Configuration;

/// <summary>Finds what somebody probably meant to write.</summary>
public static class Suggestion
{
    /// <returns>The candidate that is the fewest edits away, or null when all are something else.</returns>
    public static string? For(string written, IEnumerable<string> candidates)
    {
        var best = candidates
            .Select(candidate => (candidate, distance: Distance(written.ToLowerInvariant(), candidate)))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();
        // A third of a word may be wrong; beyond that it is another word.
        return best.candidate is not null && best.distance <= Math.Max(1, written.Length / 3) ? best.candidate : null;
    }

    /// <summary>Insertions, deletions and replacements of one character, and swaps of two neighbours.</summary>
    private static int Distance(string from, string to)
    {
        // The last three rows of the table, of which the lowest is being filled.
        var (twoAbove, above, row) = (new int[to.Length + 1], new int[to.Length + 1], Enumerable.Range(0, to.Length + 1).ToArray());
        for (var i = 1; i <= from.Length; i++)
        {
            (twoAbove, above, row) = (above, row, twoAbove);
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    row[j] = Math.Min(row[j], twoAbove[j - 2] + 1);
                }
            }
        }

        return row[to.Length];
    }
}
