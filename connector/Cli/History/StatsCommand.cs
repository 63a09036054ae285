using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.History.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Connector.Cli.History;

/// <summary><c>mcpr stats --since 7d</c>: figures of all calls, and of every tool.</summary>
internal static class StatsCommand
{
    private const string Description = """
        Shows how many calls there were, how many failed, and how long they took, in all and by tool.

          mcpr stats                                           the last day
          mcpr stats --since 1h --client ChatGPT
        """;

    private const string Blocks = "▁▂▃▄▅▆▇█";

    public static Command Create() => HistoryCommand.Create("stats", Description, hasStatus: false, ShowAsync);

    private static async Task ShowAsync(HistoryCommand command)
    {
        var filter = command.Filter();
        var overview = await command.Reports.OverviewAsync(filter, command.Stopping);
        var tools = await command.Reports.ToolsAsync(filter, command.Stopping);
        if (command.IsJson)
        {
            command.WriteJson(OverviewRow.Of(overview), HistoryJson.Default.OverviewRow);
            foreach (var tool in tools.Take(command.Limit))
            {
                command.WriteJson(ToolRow.Of(tool), HistoryJson.Default.ToolRow);
            }

            return;
        }

        WriteSummary(overview, command.Ink);
        var table = new TextTable(command.Ink, "TOOL", "HEALTH", "CALLS", "ERR%", "P50", "P95", "P99", "MAX", "LAST", "");
        foreach (var tool in tools.Take(command.Limit))
        {
            Add(table, tool, tools.Select(one => one.Tool.Server).Distinct(StringComparer.Ordinal).Count() > 1, command.Ink);
        }

        command.Write(table, "no tool was called");
    }

    private static void WriteSummary(OverviewReport overview, Ink ink)
    {
        var (now, before) = (overview.Now, overview.Before);
        var culture = CultureInfo.InvariantCulture;
        Console.Out.WriteLine(
            string.Create(
                culture,
                $"Calls {ink.Bold(now.Calls.ToString("#,0", culture))}{Change(now.Calls, before.Calls)}   Errors {Percent(now.ErrorRate)} ({Percent(before.ErrorRate)} before)   "
                    + $"p50 {HistoryCommand.Time(now.P50)}  p95 {HistoryCommand.Time(now.P95)}  p99 {HistoryCommand.Time(now.P99)}   "
                    + $"Sessions {overview.ActiveSessions} active / {overview.Sessions}   Requests {now.Requests:#,0}"
            )
        );
        Console.Out.WriteLine();
    }

    private static void Add(TextTable table, ToolReport tool, bool showsServer, Ink ink)
    {
        var sums = tool.Sums;
        var isUnused = tool.Health == ToolHealth.Unused;
        var name = HistoryCommand.Plain(showsServer ? $"{tool.Tool.Tool} ({tool.Tool.Server ?? "-"})" : tool.Tool.Tool);
        table.Add(
            new TextTable.Cell(name, isUnused ? ink.Dim : ink.Cyan),
            HealthOf(tool.Health, ink),
            Number(sums.Calls.ToString("#,0", CultureInfo.InvariantCulture)),
            Number(isUnused ? "-" : Percent(sums.ErrorRate), sums.ErrorRate >= 0.05 ? ink.Red : null),
            Number(HistoryCommand.Time(sums.P50)),
            Number(HistoryCommand.Time(sums.P95)),
            Number(HistoryCommand.Time(sums.P99)),
            Number(isUnused ? "-" : HistoryCommand.Time(sums.Longest)),
            tool.LastCall is { } last ? HistoryCommand.Time(last) : "never",
            Spark(tool.Spark)
        );

        static TextTable.Cell Number(string text, Func<string, string>? paint = null) => TextTable.Cell.Number(text, paint);
    }

    private static TextTable.Cell HealthOf(ToolHealth health, Ink ink) =>
        health switch
        {
            ToolHealth.Ok => new TextTable.Cell("● ok", ink.Green),
            ToolHealth.Slow => new TextTable.Cell("▲ slow", ink.Yellow),
            ToolHealth.Degraded => new TextTable.Cell("▲ degraded", ink.Yellow),
            ToolHealth.Down => new TextTable.Cell("✗ down", ink.Red),
            _ => new TextTable.Cell("· unused", ink.Dim),
        };

    private static string Spark(IReadOnlyList<long> counts)
    {
        var most = Math.Max(1, counts.Max());
        return string.Concat(
                counts.Select(count => count == 0 ? ' ' : Blocks[(int)Math.Min(Blocks.Length - 1, count * Blocks.Length / (most + 1))])
            )
            .TrimEnd();
    }

    private static string Percent(double? part) =>
        part is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:0.0}%") : "-";

    private static string Change(long now, long before) =>
        before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({(now - before) * 100.0 / before:+0;-0;±0}%)");
}
