using System.CommandLine;
using System.Globalization;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.History.Json;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Connector.Cli.History;

/// <summary><c>mcpr sessions</c>: who was connected, for how long and what for.</summary>
internal static class SessionsCommand
{
    private const string Description = """
        Shows sessions, the one that was seen last first. With mcpr logs --session KEY you see what happened in one.

          mcpr sessions --client ChatGPT
        """;

    public static Command Create() => HistoryCommand.Create("sessions", Description, hasStatus: false, ShowAsync);

    private static async Task ShowAsync(HistoryCommand command)
    {
        var (filter, ink) = (command.Filter(), command.Ink);
        var table = new TextTable(ink, "SESSION", "CLIENT", "STARTED", "DURATION", "CALLS", "ERRORS", "STATE", "SERVER");
        foreach (var session in await command.Store.SessionsAsync(filter, command.Limit, command.Stopping))
        {
            if (command.IsJson)
            {
                command.WriteJson(SessionRow.Of(session, filter.To), HistoryJson.Default.SessionRow);
                continue;
            }

            var isActive = SessionRow.IsActiveAt(session, filter.To);
            table.Add(
                new TextTable.Cell(HistoryCommand.Plain(session.Key), ink.Cyan),
                HistoryCommand.Plain(session.ClientVersion is null ? session.Client : $"{session.Client} {session.ClientVersion}"),
                new TextTable.Cell(HistoryCommand.Time(session.StartedAt), ink.Dim),
                TextTable.Cell.Number(HistoryCommand.Time(session.LastAt - session.StartedAt)),
                TextTable.Cell.Number(session.Calls.ToString("#,0", CultureInfo.InvariantCulture)),
                TextTable.Cell.Number(session.Errors.ToString("#,0", CultureInfo.InvariantCulture), session.Errors > 0 ? ink.Red : null),
                isActive ? new TextTable.Cell("● active", ink.Green) : new TextTable.Cell(session.EndReason ?? "quiet", ink.Dim),
                HistoryCommand.Plain(session.Server)
            );
        }

        if (!command.IsJson)
        {
            command.Write(table, "there was no session");
        }
    }
}
