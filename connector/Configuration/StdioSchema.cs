using System.Collections.Immutable;
using Tunnel.ProxyCore.Bridge;
using Tunnel.ProxyCore.Configuration;

namespace Tunnel.Connector.Configuration;

/// <summary>The keys about servers that are programs; part of <see cref="ConfigurationSchema"/>.</summary>
internal static class StdioSchema
{
    public static readonly ConfigurationKey<string> ServersFile = new(
        "servers_file",
        ValueKinds.FilePath,
        "a file with mcpServers, as desktop applications have it; every server of it is at /NAME/mcp"
    )
    {
        Flag = "--servers-file",
    };

    public static readonly ConfigurationKey<SessionMode> Session = new(
        "stdio.session",
        ValueKinds.SessionMode,
        "which clients share a process: none, all, or there are no sessions at all"
    )
    {
        Default = "independent",
        Flag = "--session",
    };

    public static readonly ConfigurationKey<string> Folder = new("stdio.folder", ValueKinds.FilePath, "the folder that programs start in")
    {
        Flag = "--cwd",
    };

    public static readonly ConfigurationKey<ImmutableArray<string>> PassEnv = new(
        "stdio.pass_env",
        ValueKinds.VariableNames,
        "variables that programs get besides PATH and the like: GITHUB_TOKEN, AWS_*, or * for all"
    )
    {
        Flag = "--pass-env",
    };

    public static readonly ConfigurationKey<TimeSpan> StartTimeout = new(
        "stdio.start_timeout",
        ValueKinds.Duration,
        "how long a program may take until it has answered initialize"
    )
    {
        Default = "60s",
        Flag = "--start-timeout",
    };

    public static readonly ConfigurationKey<TimeSpan> RequestTimeout = new(
        "stdio.request_timeout",
        ValueKinds.Duration,
        "how long a request to a program may go without an answer or progress"
    )
    {
        Default = "300s",
        Flag = "--call-timeout",
    };

    public static readonly ConfigurationKey<TimeSpan> IdleTimeout = new(
        "stdio.idle_timeout",
        ValueKinds.DurationOrOff,
        "how long nobody may use a session until it ends, with its process; off for never"
    )
    {
        Default = "30m",
        Flag = "--idle-timeout",
    };

    public static readonly ConfigurationKey<int> MaxSessions = new(
        "stdio.max_sessions",
        ValueKinds.Count,
        "how many sessions a program can have; a further one ends the one that was idle longest"
    )
    {
        Default = "100",
        Flag = "--max-sessions",
    };

    public static readonly ConfigurationKey<int> Warm = new(
        "stdio.warm",
        ValueKinds.Number,
        "how many processes wait, started, for the next session"
    )
    {
        Default = "1",
    };

    public static readonly ConfigurationKey<int> KeptEvents = new(
        "stdio.kept_events",
        ValueKinds.Count,
        "how many events a session keeps, so that clients can resume its streams"
    )
    {
        Default = "1000",
        Flag = "--kept-events",
    };

    public static readonly ConfigurationKey<int> MaxMessage = new(
        "stdio.max_message",
        ValueKinds.Bytes,
        "the longest message to or from a program"
    )
    {
        Default = "67108864",
        Flag = "--max-message",
    };

    public static readonly ConfigurationKey<string> StreamPath = new(
        "stdio.stream_path",
        ValueKinds.PathOrOff,
        "where Streamable HTTP is; off for nowhere"
    )
    {
        Default = "/mcp",
        Flag = "--stream-path",
    };

    public static readonly ConfigurationKey<string> EventsPath = new(
        "stdio.sse_path",
        ValueKinds.PathOrOff,
        "where HTTP+SSE of the revision 2024-11-05 is; off for nowhere"
    )
    {
        Default = "/sse",
        Flag = "--sse-path",
    };

    public static readonly ConfigurationKey<ProgramProtocol> Protocol = new(
        "stdio.protocol",
        ValueKinds.ProgramProtocol,
        "what programs speak: found out, revisions that begin with initialize, or 2026-07-28 and later"
    )
    {
        Default = "auto",
        Flag = "--protocol",
    };

    public static readonly ConfigurationKey<ImmutableArray<string>> SessionEnv = new(
        "stdio.session_env",
        ValueKinds.VariableNames,
        "variables that a client may set for its own process, in headers or in the query; none if not set"
    )
    {
        Flag = "--session-env",
    };

    public static readonly ConfigurationKey<int> Memory = new(
        "stdio.memory",
        ValueKinds.Count,
        "address space that a process may have, in MiB"
    )
    {
        Flag = "--memory",
    };

    public static readonly ConfigurationKey<TimeSpan> CpuTime = new(
        "stdio.cpu_time",
        ValueKinds.Duration,
        "processor time after which a process is ended"
    );

    public static readonly ConfigurationKey<int> OpenFiles = new(
        "stdio.open_files",
        ValueKinds.Count,
        "how many files a process may have open"
    );

    public static readonly ConfigurationKey<bool> NoNewPrivileges = new(
        "stdio.no_new_privileges",
        ValueKinds.Switch,
        "keep what a program starts from getting more rights than it has"
    )
    {
        Default = "false",
    };
}
