using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Processes;

namespace Tunnel.Bench.Run.Stages;

/// <summary>Starts what is behind the paths.</summary>
internal static class Origins
{
    /// <summary>A running origin as a path of its own, so that it can be waited for and ended in the same way.</summary>
    public static async Task<RunningPath> StartAsync(OriginKind kind, Bed bed, CancellationToken cancellationToken)
    {
        var port = bed.OriginPort;
        var process = kind switch
        {
            OriginKind.FixedAnswer => NginxProcess.Start(bed, "origin", NginxProcess.FixedAnswerServer(port)),
            _ => BenchProcess.Start("origin", bed.NewFile("origin.log"), [Programs.Origin, $"{port}"]),
        };
        var origin = new RunningPath("origin", new Uri($"http://127.0.0.1:{port}/mcp"), $"127.0.0.1:{port}", [process]);
        await origin.WaitUntilUpAsync(origin.NewCall, cancellationToken);
        return origin;
    }
}
