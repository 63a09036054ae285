using System.Diagnostics;

namespace Tunnel.Bench.Run.Processes;

/// <summary>A program that runs until it is disposed, and then ends with everything that it started.</summary>
internal sealed class BenchProcess : IAsyncDisposable
{
    /// <summary>Where output goes that nobody reads: reading it here would take processor time from what is measured.</summary>
    public const string Nowhere = "/dev/null";

    // The shell makes files of the outputs, allows as many sockets as this machine does, and becomes the program, whose process id is its own then.
    private const string ExecScript = """ulimit -Sn "$(ulimit -Hn)"; exec "$@" </dev/null >"$BENCH_OUT" 2>&1""";

    private readonly Process _process;
    private readonly string _output;

    private BenchProcess(string role, Process process, string output)
    {
        Role = role;
        _process = process;
        _output = output;
    }

    /// <summary>What it is in its path: relay, connector, hop.</summary>
    public string Role { get; }

    /// <summary>What the processes below it are, where they are to be told apart from it; null where they belong to it.</summary>
    public string? ChildrenRole { get; init; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="output">A file for both of its outputs, or <see cref="Nowhere"/>.</param>
    public static BenchProcess Start(
        string role,
        string output,
        IEnumerable<string> command,
        IReadOnlyDictionary<string, string>? environment = null,
        string? childrenRole = null
    )
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", ExecScript, "sh", .. command])
        {
            UseShellExecute = false,
            // The folder of a checkout could have a file that mcpr reads.
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MCPR_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        start.Environment["BENCH_OUT"] = output;
        return new BenchProcess(role, Process.Start(start)!, output) { ChildrenRole = childrenRole };
    }

    /// <summary>The last that it wrote, for messages about its failure.</summary>
    public string LastWords()
    {
        const int shown = 3;
        return _output == Nowhere ? "its output was not kept" : string.Join(" / ", File.ReadLines(_output).TakeLast(shown));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
