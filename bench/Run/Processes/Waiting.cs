namespace Tunnel.Bench.Run.Processes;

/// <summary>For programs that do not try again when what they connect to is not there yet.</summary>
internal static class Waiting
{
    private const string ForPortScript = """
        until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do sleep 0.1; done; shift; exec "$@"
        """;

    /// <summary>What to write in front of a command so that it starts when somebody listens on <paramref name="port"/>.</summary>
    public static string[] ForPort(int port) => ["/bin/bash", "-c", ForPortScript, "bash", $"{port}"];
}
