using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.History.Json;

namespace Tunnel.Connector.Cli.History;

/// <summary><c>mcpr clients</c>: who calls, how much, and how that goes.</summary>
internal static class ClientsCommand
{
    private const string Description = """
        Shows clients with what they called, the busiest first.

          mcpr clients --since 7d
        """;

    public static Command Create() => HistoryCommand.Create("clients", Description, hasStatus: false, ShowAsync);

    private static async Task ShowAsync(HistoryCommand command)
    {
        var (ink, culture) = (command.Ink, CultureInfo.InvariantCulture);
        var table = new TextTable(ink, "CLIENT", "SHARE", "REQUESTS", "CALLS", "ERR%", "P50", "P95", "SESSIONS", "VERSIONS", "MCP", "LAST");
        foreach (var client in await command.Reports.ClientsAsync(command.Filter(), command.Limit, command.Stopping))
        {
            if (command.IsJson)
            {
                command.WriteJson(ClientRow.Of(client), HistoryJson.Default.ClientRow);
                continue;
            }

            var sums = client.Sums;
            table.Add(
                new TextTable.Cell(HistoryCommand.Plain(client.Client ?? "unknown"), ink.Cyan),
                TextTable.Cell.Number(string.Create(culture, $"{client.Share * 100:0}%")),
                TextTable.Cell.Number(sums.Requests.ToString("#,0", culture)),
                TextTable.Cell.Number(sums.Calls.ToString("#,0", culture)),
                TextTable.Cell.Number(sums.ErrorRate is { } rate ? string.Create(culture, $"{rate * 100:0.0}%") : "-"),
                TextTable.Cell.Number(HistoryCommand.Time(sums.P50)),
                TextTable.Cell.Number(HistoryCommand.Time(sums.P95)),
                TextTable.Cell.Number(client.Sessions.ToString("#,0", culture)),
                HistoryCommand.Plain(client.Versions.Count == 0 ? null : string.Join(", ", client.Versions)),
                HistoryCommand.Plain(client.ProtocolVersions.Count == 0 ? null : string.Join(", ", client.ProtocolVersions)),
                new TextTable.Cell(HistoryCommand.Time(client.LastSeen), ink.Dim)
            );
        }

        if (!command.IsJson)
        {
            command.Write(table, "nobody called");
        }
    }
}
