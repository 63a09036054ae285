using System.Diagnostics;

namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>
/// Ends all servers when we are killed without a chance to do it. A tiny shell holds the other end of a pipe and a list of process groups;
/// when the pipe closes without a goodbye it ends what is on the list. The system's own signal at a parent's death would not do: it follows
/// the thread that started the process, and threads of a pool come and go.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    // What a terminal sends to everything in it must not end the guard before its time comes.
    private const string Script = """
        trap '' HUP INT TERM
        groups=
        while read -r word group; do
          case $word in
            +) groups="$groups $group " ;;
            -) groups=$(printf %s "$groups" | sed "s/ $group / /g") ;;
          esac
        done
        [ -z "$(printf %s "$groups" | tr -d ' ')" ] && exit
        for group in $groups; do kill -s TERM -- "-$group"; done
        sleep 1
        for group in $groups; do kill -s KILL -- "-$group"; done
        """;

    private readonly Lock _lock = new();
    private Process? _shell;
    private bool _isDisposed;

    /// <summary>A group that must not outlive us.</summary>
    public void Add(int leader) => Tell($"+ {leader}");

    /// <summary>A group that is gone.</summary>
    public void Remove(int leader) => Tell($"- {leader}");

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _shell?.Dispose();
            _shell = null;
        }
    }

    private void Tell(string line)
    {
        lock (_lock)
        {
            if (_isDisposed || OperatingSystem.IsWindows())
            {
                return;
            }

            try
            {
                _shell ??= Start();
                _shell?.StandardInput.WriteLine(line);
                _shell?.StandardInput.Flush();
            }
            catch (IOException)
            {
                // Somebody ended the shell. The servers end with us in the usual way; only the last resort is gone.
                _shell?.Dispose();
                _shell = null;
            }
        }
    }

    private static Process? Start()
    {
        if (ProgramPath.Find("sh") is not { } shell || ProgramPath.Find("setsid") is not { } setsid)
        {
            return null;
        }

        return Process.Start(
            new ProcessStartInfo(setsid, [shell, "-c", Script])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                // Ours are not to be held open by it.
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        );
    }
}
