using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text.Json;
using Tunnel.Bench.IdleTunnels;

var counts = new Option<int[]>("--tunnels")
{
    Description = "how many tunnels, one round after the other",
    AllowMultipleArgumentsPerToken = true,
    DefaultValueFactory = _ => [100, 1000, 5000],
};
var hold = new Option<int>("--hold")
{
    Description = "seconds for which they are held, idle, before the last sample",
    DefaultValueFactory = _ => 60,
};
var dataConnections = new Option<int>("--data-connections")
{
    Description = "data connections of each tunnel",
    DefaultValueFactory = _ => 2,
};
var json = new Option<bool>("--json") { Description = "a JSON object for each round on standard output, and progress on standard error" };
var relay = new Option<string?>("--holder") { Description = "used by this program itself: hold tunnels at that relay", Hidden = true };
var command = new RootCommand("How much memory a relay needs for tunnels on which nothing happens.")
{
    counts,
    hold,
    dataConnections,
    json,
    relay,
};
command.SetAction(
    async (parsed, cancellationToken) =>
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => stopping.Cancel());
        if (parsed.GetValue(relay) is { } held)
        {
            await Holder.RunAsync(new Uri(held), parsed.GetValue(counts)!.Single(), stopping.Token);
            return 0;
        }

        var progress = parsed.GetValue(json) ? Console.Error : Console.Out;
        foreach (var tunnels in parsed.GetValue(counts)!)
        {
            var round = new Round(tunnels, parsed.GetValue(dataConnections), TimeSpan.FromSeconds(parsed.GetValue(hold)), progress);
            var costs = await round.RunAsync(stopping.Token);
            if (parsed.GetValue(json) && costs is not null)
            {
                Console.WriteLine(JsonSerializer.Serialize(costs));
            }
        }

        return 0;
    }
);
return await command.Parse(args).InvokeAsync();
