using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.Bench.History;

/// <summary>What the pages and commands that show a history ask of it, over the whole week.</summary>
internal static class HistoryPages
{
    private const int Rows = 100;

    public static IReadOnlyList<(string Page, Func<CancellationToken, Task> Ask)> Of(IHistoryStore store, GeneratedHistory made)
    {
        var reports = new HistoryReports(store);
        var week = new HistoryFilter { From = made.From, To = made.To };
        var events = new EventQuery { Filter = week, Limit = Rows };
        return
        [
            ("overview", token => reports.OverviewAsync(week, token)),
            ("tools", token => reports.ToolsAsync(week, token)),
            ("usual times", token => reports.UsualTimesAsync(week, token)),
            ("slow calls", token => reports.SlowAsync(week, Rows, byDuration: false, token)),
            ("slow calls, the longest first", token => reports.SlowAsync(week, Rows, byDuration: true, token)),
            ("clients", token => reports.ClientsAsync(week, Rows, token)),
            ("errors", token => store.FailuresAsync(week, TimeSpan.FromHours(3), Rows, token).AsTask()),
            (
                "errors of a tool",
                token => store.FailuresAsync(week with { Tools = ["tool_1"] }, TimeSpan.FromHours(3), Rows, token).AsTask()
            ),
            ("sessions", token => store.SessionsAsync(week, Rows, token).AsTask()),
            ("violations", token => store.ViolationsAsync(week, Rows, token).AsTask()),
            ("state", token => store.StateAsync(token).AsTask()),
            ("events", Ask(events)),
            ("events, the oldest first", Ask(events with { IsOldestFirst = true })),
            ("events of a tool", Ask(events with { Filter = week with { Tools = ["tool_1"] } })),
            ("events of a rare tool", Ask(events with { Filter = week with { Tools = [GeneratedHistory.RareTool] } })),
            ("events of a client", Ask(events with { Filter = week with { Clients = ["agent"] } })),
            ("events of widgets", Ask(events with { Types = [EventTypes.WidgetServe] })),
            ("events that failed", Ask(events with { Filter = week with { Statuses = ["error", "tool_error"] } })),
            (
                "events of a rare tool that failed",
                Ask(events with { Filter = week with { Tools = [GeneratedHistory.RareTool], Statuses = ["error"] } })
            ),
            ("events of at least 1 s", Ask(events with { AtLeast = TimeSpan.FromSeconds(1) })),
            ("events of at least 1 h", Ask(events with { AtLeast = TimeSpan.FromHours(1) })),
            ("search: a tool", Ask(events with { Text = "tool_1" })),
            ("search: a rare tool", Ask(events with { Text = GeneratedHistory.RareTool })),
            ("search: a message", Ask(events with { Text = "field_17" })),
            ("search: a path", Ask(events with { Text = "page-7" })),
            ("search: a request id", Ask(events with { Text = made.RequestIdInTheMiddle })),
            ("search: nothing has it", Ask(events with { Text = "nothing has this" })),
            (
                "search: nothing has it and failed",
                Ask(events with { Text = "nothing has this", Filter = week with { Statuses = ["error"] } })
            ),
        ];

        Func<CancellationToken, Task> Ask(EventQuery query) => token => store.EventsAsync(query, token).AsTask();
    }
}
