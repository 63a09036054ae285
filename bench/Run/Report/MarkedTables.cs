using System.Text;

namespace Tunnel.Bench.Run.Report;

/// <summary>
/// Puts tables into a document, in place of those that are there: behind a line <c>&lt;!-- bench:NAME --&gt;</c>. Rows that a run does not have
/// stay, so that a run of one stage does not take away what another has found out.
/// </summary>
internal static class MarkedTables
{
    /// <returns>Names of tables for which the document has no place.</returns>
    public static async Task<IReadOnlyList<string>> ReplaceAsync(
        FileInfo document,
        IReadOnlyList<Table> tables,
        CancellationToken cancellationToken
    )
    {
        var lines = await File.ReadAllLinesAsync(document.FullName, cancellationToken);
        var text = new StringBuilder();
        for (var at = 0; at < lines.Length; at++)
        {
            text.Append(lines[at]).Append('\n');
            if (tables.FirstOrDefault(table => lines[at] == MarkOf(table.Name)) is { } table)
            {
                var old = lines.Skip(at + 1).TakeWhile(line => line.StartsWith('|')).ToList();
                text.Append(Merged(old, table));
                at += old.Count;
            }
        }

        await File.WriteAllTextAsync(document.FullName, text.ToString(), cancellationToken);
        return [.. tables.Select(table => table.Name).Where(name => !lines.Contains(MarkOf(name), StringComparer.Ordinal))];
    }

    private static string MarkOf(string name) => $"<!-- bench:{name} -->";

    private static string Merged(List<string> old, Table table)
    {
        var fresh = table.ToMarkdown().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (old.Count == 0 || old[0] != fresh[0])
        {
            return table.ToMarkdown();
        }

        var byName = fresh.ToDictionary(NameOf, StringComparer.Ordinal);
        var kept = old.Select(row => byName.Remove(NameOf(row), out var changed) ? changed : row).ToList();
        return string.Concat(kept.Concat(fresh.Where(row => byName.ContainsKey(NameOf(row)))).Select(row => row + "\n"));
    }

    private static string NameOf(string row) => row.Split('|')[1].Trim();
}
