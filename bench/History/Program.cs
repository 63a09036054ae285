using System.CommandLine;
using Tunnel.Bench.History;
using Tunnel.ProxyCore.History.Sqlite;
using Tunnel.Relay.Team.Postgres;

var events = new Option<int>("--events") { Description = "events of a week", DefaultValueFactory = _ => 1_000_000 };
var postgres = new Option<bool>("--postgres") { Description = "PostgreSQL besides, whose programs have to be there" };
var command = new RootCommand("How fast a history takes events, and how long every page that shows it takes.") { events, postgres };
command.SetAction(
    async (parsed, cancellationToken) =>
    {
        using var folder = new TemporaryFolder();
        var made = new GeneratedHistory(parsed.GetValue(events));
        var sqlite = new SqliteHistoryStore(HistoryDatabase.Create(folder.PathOf("history.db")));
        List<StoreTimes> times = [await StoreTimes.MeasureAsync("SQLite", sqlite, made, cancellationToken)];
        if (parsed.GetValue(postgres))
        {
            await using var server = await PostgresServer.StartAsync(cancellationToken);
            await using var database = new PostgresDatabase(server.ConnectionStringOf("postgres"));
            var store = new PostgresHistoryStore(database, new PostgresSchema("project_1"));
            times.Add(await StoreTimes.MeasureAsync("PostgreSQL", store, made, cancellationToken));
        }

        StoreTimes.Print(times, Console.Out);
        return 0;
    }
);
return await command.Parse(args).InvokeAsync();
