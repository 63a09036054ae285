using System.Runtime.InteropServices;

namespace Tunnel.ProxyCore.Files;

/// <summary>Second names of files.</summary>
internal static class HardLink
{
    /// <summary>POSIX's EEXIST: the same number on Linux and macOS.</summary>
    private const int NameIsTaken = 17;

    /// <summary>
    /// Gives a file a second name, unless something has that already. One step of the system, where <see cref="File.Move(string, string, bool)"/> looks first and
    /// moves then: of two that do that at once, each could think that it was first.
    /// </summary>
    /// <returns>False where neither is the case: this file system, or Windows, has no such names.</returns>
    public static bool IsAddedOrTaken(string file, string name) =>
        !OperatingSystem.IsWindows() && (Link(file, name) == 0 || Marshal.GetLastPInvokeError() == NameIsTaken);

    [DllImport("libc", EntryPoint = "link", ExactSpelling = true, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string oldPath,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath
    );
}
