using System.CommandLine;
using Tunnel.Connector.Terminal;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Connector.Cli.History;

/// <summary><c>mcpr logs -f --tool search --status failed</c>: events one by one, those of every mcpr of this machine.</summary>
internal static class LogsCommand
{
    private const string Description = """
        Shows what happened, the newest last, as lines or with --json as events (docs/events.md).

          mcpr logs -f                                         the last 20, and what comes
          mcpr logs --since 1h --status failed
          mcpr logs --since 7d --tool search --json | jq .latency_ms
        """;

    /// <summary>How long nothing has to come until the file is asked again.</summary>
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Rows of one answer; what there is more comes with the next.</summary>
    private const int Page = 1000;

    private static readonly Option<bool> s_follow = new("--follow", "-f") { Description = "Go on with what comes, until Ctrl+C" };

    private static readonly Option<string?> s_session = new("--session") { HelpName = "key", Description = "Only this session" };

    public static Command Create() => HistoryCommand.Create("logs", Description, hasStatus: true, ShowAsync, s_follow, s_session);

    private static async Task ShowAsync(HistoryCommand command)
    {
        var filter = command.Filter(TimeSpan.FromDays(3650));
        var newest = await command.Store.NewestAsync(command.Stopping);
        var query = new EventQuery
        {
            Filter = filter,
            SessionKey = command.Result.GetValue(s_session),
            Limit = command.Limit,
        };
        var page = await command.Store.EventsAsync(query, command.Stopping);
        foreach (var one in page.Events.Reverse())
        {
            Write(command, one);
        }

        if (page.Next is not null && HistoryArguments.HasSince(command.Result))
        {
            await Console.Error.WriteLineAsync($"mcpr: the newest {command.Limit}; --limit shows more");
        }

        if (command.Result.GetValue(s_follow))
        {
            // What came between the two questions is among the rows already.
            var last = page.Events.Select(one => one.Sequence).Append(newest).Max();
            await FollowAsync(command, query with { After = last, Limit = Page });
        }
        else if (page.Events.Count == 0)
        {
            await Console.Error.WriteLineAsync("mcpr: nothing happened that this asks for");
        }
    }

    private static async Task FollowAsync(HistoryCommand command, EventQuery query)
    {
        while (true)
        {
            var page = await command.Store.EventsAsync(query, command.Stopping);
            foreach (var one in page.Events)
            {
                Write(command, one);
                query = query with { After = one.Sequence };
            }

            if (page.Next is null)
            {
                await Console.Out.FlushAsync(command.Stopping);
                await Task.Delay(s_poll, TimeProvider.System, command.Stopping);
            }
        }
    }

    private static void Write(HistoryCommand command, StoredEvent one)
    {
        if (command.IsJson)
        {
            command.WriteJson(one.Event, EventJson.Default.McpEvent);
        }
        else
        {
            Console.Out.WriteLine(EventLine.Format(one, command.Ink));
        }
    }
}
