using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.History.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Connector.Cli.History;

/// <summary><c>mcpr errors</c>: failures that are the same, counted.</summary>
internal static class ErrorsCommand
{
    private const string Description = """
        Shows failures by tool and message, the most frequent first. Numbers, ids and quoted text of messages are taken out, so that the same mistake counts as one.

          mcpr errors --since 1h
        """;

    public static Command Create() => HistoryCommand.Create("errors", Description, hasStatus: true, ShowAsync);

    private static async Task ShowAsync(HistoryCommand command)
    {
        var (filter, ink) = (command.Filter(), command.Ink);
        var step = (filter.To - filter.From) / HistoryReports.SparkSteps;
        var page = await command.Store.FailuresAsync(filter, step, command.Limit, command.Stopping);
        var table = new TextTable(ink, "COUNT", "TOOL", "CODE", "MESSAGE", "FIRST", "LAST", "CLIENTS");
        foreach (var group in page.Groups)
        {
            if (command.IsJson)
            {
                command.WriteJson(FailureRow.Of(group), HistoryJson.Default.FailureRow);
                continue;
            }

            table.Add(
                TextTable.Cell.Number(group.Count.ToString("#,0", CultureInfo.InvariantCulture)),
                new TextTable.Cell(HistoryCommand.Plain(group.Tool ?? group.Method), ink.Cyan),
                new TextTable.Cell(HistoryCommand.Plain(group.Code ?? "tool error"), ink.Red),
                HistoryCommand.Plain(FailureTexts.Of(group)),
                new TextTable.Cell(HistoryCommand.Time(group.FirstAt), ink.Dim),
                new TextTable.Cell(HistoryCommand.Time(group.LastAt), ink.Dim),
                HistoryCommand.Plain(
                    string.Join(
                        ", ",
                        group.Clients.OrderByDescending(pair => pair.Value).Take(3).Select(pair => $"{NameOf(pair.Key)} {pair.Value}")
                    )
                )
            );
        }

        if (!command.IsJson)
        {
            command.Write(table, "nothing failed");
        }

        if (page.Limit is { } limit)
        {
            await Console.Error.WriteLineAsync($"mcpr: only the newest {limit} failures were counted");
        }
    }

    private static string NameOf(string client) => client.Length == 0 ? "unknown" : client;
}
