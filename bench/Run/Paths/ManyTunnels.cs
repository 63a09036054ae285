using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Paths;

/// <summary>One relay, and connectors of as many people, each with a tunnel to the same origin.</summary>
internal static class ManyTunnels
{
    /// <summary>Starting is work for all cores: more at once would not be up sooner, but would look as if they did not come up at all.</summary>
    private const int StartedAtOnce = 8;

    public static async Task<RunningPath> StartAsync(Bed bed, int count, CancellationToken cancellationToken)
    {
        var port = FreePort.Next();
        List<BenchProcess> processes = [McprPaths.Ours.StartRelay(bed, port)];
        var path = new RunningPath(McprPaths.TunnelName, new Uri($"http://127.0.0.1:{port}/mcp"), NameOf(0), processes);
        try
        {
            foreach (var numbers in Enumerable.Range(0, count).Chunk(StartedAtOnce))
            {
                processes.AddRange(numbers.Select(number => McprPaths.Ours.StartConnector(bed, port, NameOf(number))));
                foreach (var number in numbers)
                {
                    var tunnel = path with { Host = HostOf(path, number) };
                    await tunnel.WaitUntilUpAsync(tunnel.NewCall, cancellationToken);
                }
            }

            return path;
        }
        catch
        {
            await path.DisposeAsync();
            throw;
        }
    }

    public static string HostOf(RunningPath path, int number) => $"{NameOf(number)}.localhost:{path.Url.Port}";

    private static string NameOf(int number) => $"bench-{number}";
}
