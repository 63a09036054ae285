using System.ComponentModel;
using System.Diagnostics;

namespace Tunnel.Bench.Run.Processes;

/// <summary>Programs that do one thing and end.</summary>
internal static class Command
{
    /// <summary>Runs it; ends it when its time is up.</summary>
    /// <exception cref="BenchFailedException">It cannot be started, failed, or was not done in time.</exception>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        TimeSpan limit,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = Start(start);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        ending.CancelAfter(limit);
        try
        {
            var error = process.StandardError.ReadToEndAsync(ending.Token);
            var output = await process.StandardOutput.ReadToEndAsync(ending.Token);
            await process.WaitForExitAsync(ending.Token);
            return process.ExitCode == 0
                ? output
                : throw new BenchFailedException(
                    $"{Path.GetFileName(program)}: {LastLine(await error) ?? $"exit code {process.ExitCode}"}"
                );
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BenchFailedException($"{Path.GetFileName(program)}: not done after {limit.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Where a program is that can be called by its name, also one for administrators.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin")
            .Split(':')
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception failure)
        {
            throw new BenchFailedException($"{start.FileName}: {failure.Message}");
        }
    }

    private static string? LastLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault()?.Trim();
}
