namespace Tunnel.Bench.Run.Paths;

/// <summary>A way from a caller to the origin that can be built.</summary>
/// <param name="Name">As it is called in tables and by <c>--paths</c>.</param>
/// <param name="Start">Starts its processes; whoever calls waits until they answer.</param>
/// <param name="Lacks">What it needs and is not there, or null.</param>
internal sealed record PathDefinition(string Name, Func<Bed, RunningPath> Start, string? Lacks = null)
{
    /// <summary>Whether it is somebody else's program, to be installed before.</summary>
    public bool IsPeer { get; init; }

    /// <summary>Whether it loses connections for good while others are measured, and so is started anew before each round.</summary>
    public bool StartsAnewEachRound { get; init; }

    /// <summary>The first call, by which it is known to be up; null for a small tool call.</summary>
    public Func<RunningPath, HttpRequestMessage>? Probe { get; init; }

    public async Task<RunningPath> StartAsync(Bed bed, CancellationToken cancellationToken)
    {
        var path = Start(bed);
        try
        {
            await path.WaitUntilUpAsync(() => (Probe ?? (running => running.NewCall()))(path), cancellationToken);
            return path;
        }
        catch
        {
            await path.DisposeAsync();
            throw;
        }
    }
}
