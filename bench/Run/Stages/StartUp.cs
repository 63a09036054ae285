using System.Diagnostics;
using Tunnel.Bench.Run.Paths;
using Tunnel.Bench.Run.Peers;
using Tunnel.Bench.Run.Processes;
using Tunnel.Bench.Run.Report;

namespace Tunnel.Bench.Run.Stages;

/// <summary>How long a person waits: for <c>mcpr --version</c>, and for the public URL.</summary>
internal sealed class StartUp(RunOptions options, Installed installed, Results results)
{
    public const string Stage = "start-up";
    public const string Version = "mcpr --version";
    public const string PublicUrl = "mcpr tunnel, until the public URL is printed";
    public const string Workload = "start";
    public const string Milliseconds = "ms";

    /// <summary>Starts are short, so that there can be more of them than rounds.</summary>
    private const int PerRound = 4;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var bed = new Bed(FreePort.Next(), installed, folder);
        await using var origin = await Origins.StartAsync(OriginKind.Everything, bed, cancellationToken);
        var relayPort = FreePort.Next();
        await using var relay = McprPaths.Ours.StartRelay(bed, relayPort);
        var person = McprPaths.NewPerson(bed);
        await WaitForRelayAsync(relayPort, cancellationToken);

        for (var start = 0; start < options.Rounds * PerRound; start++)
        {
            foreach (var mcpr in StandardStages.McprOf(options))
            {
                var build = mcpr.Build;
                Add(build.Named(Version), start, await TimeOfAsync(build, ["--version"], isWhole: true, person, cancellationToken));
                string[] tunnel = ["tunnel", "--mcp", $"{bed.Origin}/mcp", "--relay", $"http://localhost:{relayPort}"];
                Add(build.Named(PublicUrl), start, await TimeOfAsync(build, tunnel, isWhole: false, person, cancellationToken));
            }
        }
    }

    private static Task WaitForRelayAsync(int port, CancellationToken cancellationToken)
    {
        var relay = new RunningPath("relay", new Uri($"http://127.0.0.1:{port}/healthz"), $"localhost:{port}", []);
        return relay.WaitUntilUpAsync(
            () => new HttpRequestMessage(HttpMethod.Get, relay.Url) { Headers = { Host = relay.Host } },
            cancellationToken
        );
    }

    /// <summary>From the start of the program to its first line on standard output, or with <paramref name="isWhole"/> to its end.</summary>
    private static async Task<double> TimeOfAsync(
        McprBuild build,
        string[] arguments,
        bool isWhole,
        Dictionary<string, string> person,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(build.Connector, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in person)
        {
            start.Environment[name] = value;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            if (await process.StandardOutput.ReadLineAsync(limit.Token) is null)
            {
                throw new BenchFailedException($"mcpr printed nothing: {await process.StandardError.ReadToEndAsync(limit.Token)}");
            }

            if (isWhole)
            {
                await process.WaitForExitAsync(limit.Token);
            }

            return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchFailedException($"mcpr {arguments[0]} printed nothing for {s_limit.TotalSeconds} s");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private void Add(string what, int start, double milliseconds)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal) { [Milliseconds] = milliseconds };
        results.Add(new Sample(Stage, what, Workload, start + 1, values));
    }
}
