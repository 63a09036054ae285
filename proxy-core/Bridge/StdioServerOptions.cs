using Tunnel.ProxyCore.Bridge.Processes;

namespace Tunnel.ProxyCore.Bridge;

/// <summary>An MCP server that speaks over its standard input and output, and how it is run.</summary>
public sealed record StdioServerOptions
{
    /// <summary>The program and its arguments, as they are: no shell reads them.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The folder that the program starts in; null for ours.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>
    /// Variables of our own environment that the program gets besides those that every program needs; <c>AWS_*</c> means all that begin so,
    /// <c>*</c> all but our own settings.
    /// </summary>
    public IReadOnlyList<string> PassedVariables { get; init; } = [];

    /// <summary>Variables that only the program has.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Variables that a client may set for the process of its own session, in a header <c>Mcpr-Env-NAME</c> or in the query. Never one that
    /// decides which code runs, whatever stands here.
    /// </summary>
    public IReadOnlyList<string> SessionVariables { get; init; } = [];

    /// <summary>Which clients share a process.</summary>
    public SessionMode Mode { get; init; }

    /// <summary>What the program speaks.</summary>
    public ProgramProtocol Protocol { get; init; }

    /// <summary>Where Streamable HTTP is; null for nowhere. Default <c>/mcp</c>.</summary>
    public string? StreamPath { get; init; } = "/mcp";

    /// <summary>Where HTTP+SSE of the revision 2024-11-05 is; null for nowhere. Default <c>/sse</c>.</summary>
    public string? EventsPath { get; init; } = "/sse";

    /// <summary>How long a program may take until it has answered <c>initialize</c>. Default 60 s.</summary>
    public TimeSpan StartLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request may go without an answer or progress. Default 300 s.</summary>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long nobody may use a session until it ends; zero for ever. Default 30 min.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many sessions there can be. A further one ends the one that has been idle longest. Default 100.</summary>
    public int MaxSessions { get; init; } = 100;

    /// <summary>How many processes wait, started, for a session of their own. Default 1.</summary>
    public int WarmProcesses { get; init; } = 1;

    /// <summary>The longest message in either direction, in bytes. Default 64 MiB.</summary>
    public int MaxMessage { get; init; } = 64 << 20;

    /// <summary>How many events a session keeps so that clients can resume its streams. Default 1,000.</summary>
    public int MaxKeptEvents { get; init; } = 1000;

    /// <summary>What a process may use, where the system can limit it.</summary>
    public ProcessLimits Limits { get; init; } = new();

    /// <returns>Why the program cannot be run as it is, or null.</returns>
    public string? FindProblem() =>
        Command.Count == 0 ? "there is no program"
        : WorkingFolder is not null && !Directory.Exists(WorkingFolder) ? $"there is no folder {WorkingFolder}"
        : ProgramPath.Find(Command[0], WorkingFolder) is null ? $"there is no program called {Command[0]}"
        : null;
}

/// <summary>What one process may use; null is as much as the system gives.</summary>
/// <param name="Memory">Bytes of address space.</param>
/// <param name="CpuTime">Processor time, after which it is killed.</param>
/// <param name="OpenFiles">Open files.</param>
/// <param name="NoNewPrivileges">Whether programs that it starts get no rights beyond its own, whatever their file says.</param>
public sealed record ProcessLimits(long? Memory = null, TimeSpan? CpuTime = null, int? OpenFiles = null, bool NoNewPrivileges = false);

/// <summary>Which clients share a process.</summary>
public enum SessionMode
{
    /// <summary>Every session has a process of its own.</summary>
    Independent,

    /// <summary>One process serves all sessions.</summary>
    Shared,

    /// <summary>There are no sessions; requests are spread over processes that are kept for the next.</summary>
    Stateless,
}

/// <summary>The revisions that a program speaks.</summary>
public enum ProgramProtocol
{
    /// <summary>The bridge finds it out.</summary>
    Auto,

    /// <summary>Those that begin with <c>initialize</c>.</summary>
    Legacy,

    /// <summary>2026-07-28 and later only.</summary>
    Modern,
}
