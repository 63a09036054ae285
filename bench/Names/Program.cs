using System.CommandLine;
using Tunnel.Bench.Names;

var names = new Option<int>("--names") { Description = "names that have owners", DefaultValueFactory = _ => 1_000_000 };
var routes = new Option<int>("--routes") { Description = "names that are open", DefaultValueFactory = _ => 100_000 };
var nodes = new Option<int>("--nodes") { Description = "relays that have them open", DefaultValueFactory = _ => 10 };
var lookups = new Option<int>("--lookups") { Description = "look-ups, of open names and of others", DefaultValueFactory = _ => 200_000 };
var command = new RootCommand("What many names and routes cost a Redis, asked by the relay's own code.") { names, routes, nodes, lookups };
command.SetAction(
    async (parsed, cancellationToken) =>
    {
        await using var redis = await RedisUnderTest.StartAsync(cancellationToken);
        var simulation = new Simulation(redis, parsed.GetValue(names), parsed.GetValue(routes), parsed.GetValue(nodes));
        await simulation.RunAsync(parsed.GetValue(lookups), cancellationToken);
        return 0;
    }
);
return await command.Parse(args).InvokeAsync();
