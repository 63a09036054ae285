using System.Text;
using System.Text.Json;

namespace Tunnel.Bench.Run.Report;

/// <summary>Writes what was measured: Markdown for people, JSON with every sample.</summary>
internal static class ReportWriter
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string ToMarkdown(Machine machine, RunOptions options, Results results, IReadOnlyList<Table> tables)
    {
        var text = new StringBuilder();
        text.Append($"Machine: {machine}.\n");
        text.Append(
            $"{options.Rounds} rounds of {options.Duration.TotalSeconds} s each; medians of the rounds, ratios round by round (least–greatest).\n"
        );
        foreach (var table in tables)
        {
            text.Append($"\n### {table.Title}\n\n{table.ToMarkdown()}");
        }

        if (results.Notes.Count > 0)
        {
            text.Append("\n### Not measured\n\n").AppendJoin("", results.Notes.Select(note => $"- {note}\n"));
        }

        return text.ToString();
    }

    public static string ToJson(Machine machine, RunOptions options, Results results) =>
        JsonSerializer.Serialize(
            new
            {
                machine,
                options.Rounds,
                Seconds = options.Duration.TotalSeconds,
                results.Samples,
                results.Notes,
            },
            s_json
        );
}
