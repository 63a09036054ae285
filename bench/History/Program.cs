using System.CommandLine;
using System.Text.RegularExpressions;
using Tunnel.Bench.History;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Relay.Team.Postgres;

var events = new Option<int>("--events") { Description = "events of a week", DefaultValueFactory = _ => 1_000_000 };
var postgres = new Option<bool>("--postgres") { Description = "PostgreSQL besides, whose programs have to be there" };
var only = new Option<string>("--only") { Description = "pages whose names match this regular expression", DefaultValueFactory = _ => "" };
var keep = new Option<string?>("--keep")
{
    Description = "a folder that keeps the histories, so that the next run with it has no need to write them",
};
var command = new RootCommand("How fast a history takes events, and how long every page that shows it takes.")
{
    events,
    postgres,
    only,
    keep,
};
command.SetAction(
    async (parsed, cancellationToken) =>
    {
        using var folder = new TemporaryFolder();
        var (kept, pages) = (parsed.GetValue(keep), new Regex(parsed.GetValue(only)!, RegexOptions.NonBacktracking));
        var made = new GeneratedHistory(parsed.GetValue(events));
        var sqlite = new SqliteHistoryStore(HistoryDatabase.Create(Path.Combine(Path.GetFullPath(kept ?? folder.FullName), "history.db")));
        List<StoreTimes> times = [await StoreTimes.MeasureAsync("SQLite", sqlite, made, pages, cancellationToken)];
        if (parsed.GetValue(postgres))
        {
            await using var server = await PostgresServer.StartAsync(
                cancellationToken,
                kept is null ? null : Path.Combine(kept, "postgres")
            );
            await using var database = new PostgresDatabase(server.ConnectionStringOf("postgres"));
            var store = new PostgresHistoryStore(database, new PostgresSchema("project_1"));
            times.Add(await StoreTimes.MeasureAsync("PostgreSQL", store, made, pages, cancellationToken));
        }

        StoreTimes.Print(times, Console.Out);
        return 0;
    }
);
return await command.Parse(args).InvokeAsync();
