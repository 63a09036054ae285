using System.Runtime.InteropServices;

namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>Signals to a process and everything it started, as long as they stay in one group (POSIX kill with a negative id).</summary>
internal static class ProcessGroup
{
    // The numbers are the same on Linux and macOS.
    private const int Terminated = 15;
    private const int Killed = 9;

    public static void Terminate(int leader) => Signal(leader, Terminated);

    public static void Kill(int leader) => Signal(leader, Killed);

    // A group that is gone is what was wanted, so the result does not matter.
    private static void Signal(int leader, int signal)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = SendSignal(-leader, signal);
        }
    }

    [DllImport("libc", EntryPoint = "kill", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
