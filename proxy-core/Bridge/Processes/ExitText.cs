namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>Exit codes for people.</summary>
internal static class ExitText
{
    // What shells and .NET add to the number of the signal that ended a process.
    private const int Signalled = 128;

    public static string Of(int code) =>
        code switch
        {
            Signalled + 6 => "aborted (SIGABRT)",
            Signalled + 9 => "killed (SIGKILL)",
            Signalled + 11 => "crashed (SIGSEGV)",
            Signalled + 15 => "terminated (SIGTERM)",
            > Signalled and < Signalled + 32 => $"signal {code - Signalled}",
            _ => $"exit code {code}",
        };
}
