using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.History.Json;

namespace Tunnel.Connector.Cli.History;

/// <summary><c>mcpr slow</c>: calls that took much longer than is usual for their tool.</summary>
internal static class SlowCommand
{
    private const string Description = """
        Shows calls that took at least 3 times as long as is usual for their tool (p50), and 100 ms; the highest factor first.

          mcpr slow --since 7d
        """;

    public static Command Create() => HistoryCommand.Create("slow", Description, hasStatus: true, ShowAsync);

    private static async Task ShowAsync(HistoryCommand command)
    {
        var ink = command.Ink;
        var table = new TextTable(ink, "TIME", "TOOL", "TOTAL", "UPSTREAM", "OURS", "VS P50", "CLIENT", "REQUEST");
        foreach (var slow in await command.Reports.SlowAsync(command.Filter(), command.Limit, byDuration: false, command.Stopping))
        {
            if (command.IsJson)
            {
                command.WriteJson(EventRow.Of(slow), HistoryJson.Default.EventRow);
                continue;
            }

            var one = slow.Call.Event;
            table.Add(
                new TextTable.Cell(HistoryCommand.Time(slow.Call.At), ink.Dim),
                new TextTable.Cell(HistoryCommand.Plain(one.Tool), ink.Cyan),
                TextTable.Cell.Number(HistoryCommand.Time(slow.Call.Latency)),
                TextTable.Cell.Number(HistoryCommand.Time(TimeSpan.FromMilliseconds(one.UpstreamMs ?? 0))),
                TextTable.Cell.Number(HistoryCommand.Time(TimeSpan.FromMilliseconds(one.OverheadMs ?? 0))),
                TextTable.Cell.Number(string.Create(CultureInfo.InvariantCulture, $"{slow.Factor:0}×"), ink.Yellow),
                HistoryCommand.Plain(one.Client),
                new TextTable.Cell(HistoryCommand.Plain(one.RequestId), ink.Dim)
            );
        }

        if (!command.IsJson)
        {
            command.Write(table, "no call was slow");
        }
    }
}
