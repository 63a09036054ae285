using System.Text;

namespace Tunnel.Bench.Run.Report;

/// <summary>Puts tables into a document, in place of those that are there: behind a line <c>&lt;!-- bench:NAME --&gt;</c>.</summary>
internal static class MarkedTables
{
    public static async Task ReplaceAsync(FileInfo document, IReadOnlyList<Table> tables, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(document.FullName, cancellationToken);
        var text = new StringBuilder();
        var isReplaced = false;
        foreach (var line in lines)
        {
            // What stands behind a mark until the first line without a bar is the old table.
            isReplaced = isReplaced && line.StartsWith('|');
            if (isReplaced)
            {
                continue;
            }

            text.Append(line).Append('\n');
            if (tables.FirstOrDefault(table => line == $"<!-- bench:{table.Name} -->") is { } table)
            {
                text.Append(table.ToMarkdown());
                isReplaced = true;
            }
        }

        await File.WriteAllTextAsync(document.FullName, text.ToString(), cancellationToken);
    }
}
