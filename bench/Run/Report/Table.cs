using System.Text;

namespace Tunnel.Bench.Run.Report;

/// <summary>A table of the report.</summary>
/// <param name="Name">Where it belongs in a document: behind <c>&lt;!-- bench:NAME --&gt;</c>.</param>
internal sealed record Table(string Name, string Title, IReadOnlyList<string> Header, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>What stands where there is no number.</summary>
    public const string Nothing = "–";

    public bool HasNumbers => Rows.Any(row => row.Skip(1).Any(cell => cell != Nothing));

    /// <summary>As Markdown, without the title: the first column to the left, numbers to the right.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        AppendRow(text, Header);
        AppendRow(text, [.. Header.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in Rows)
        {
            AppendRow(text, row);
        }

        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
