using System.ComponentModel;
using System.Diagnostics;

namespace Tunnel.Relay.Tls;

/// <summary>Runs another program to its end, and knows what it said last.</summary>
internal static class ProgramRun
{
    /// <summary>What it says at the end tells what went wrong.</summary>
    private const int KeptLines = 4;

    private const int MaxKeptCharacters = 600;

    /// <returns>The path of the program, or null where PATH has none.</returns>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? name + ".exe" : name))
            .FirstOrDefault(File.Exists);

    /// <exception cref="IssuanceException">It could not be started, did not end in time, or failed.</exception>
    public static async Task RunAsync(string program, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(program);
        var said = new Queue<string>();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.OutputDataReceived += (_, line) => Keep(said, line.Data);
        process.ErrorDataReceived += (_, line) => Keep(said, line.Data);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(limit);
        try
        {
            process.Start();
            process.StandardInput.Close();
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (Win32Exception unstartable)
        {
            throw new IssuanceException($"{name} cannot be started: {unstartable.Message}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new IssuanceException($"{name} was not done after {limit.TotalMinutes} minutes; it said {Last(said)}");
        }

        if (process.ExitCode != 0)
        {
            throw new IssuanceException($"{name} ended with exit code {process.ExitCode} and said {Last(said)}");
        }
    }

    private static void Keep(Queue<string> said, string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        // Both streams come on threads of their own.
        lock (said)
        {
            said.Enqueue(line.Trim());
            if (said.Count > KeptLines)
            {
                said.Dequeue();
            }
        }
    }

    private static string Last(Queue<string> said)
    {
        lock (said)
        {
            var text = string.Join(" / ", said);
            var plain = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
            return plain.Length <= MaxKeptCharacters ? plain : "…" + plain[^MaxKeptCharacters..];
        }
    }
}
