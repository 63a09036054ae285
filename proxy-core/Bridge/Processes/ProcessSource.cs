using Microsoft.Extensions.Logging;

namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>
/// Starts the processes of one server. Some wait, started, for the next session: clients of the cloud begin a session for every request,
/// and a program may take seconds to come up.
/// </summary>
internal sealed partial class ProcessSource(
    string name,
    StdioServerOptions options,
    OrphanGuard guard,
    BridgeMetrics metrics,
    ILogger logger,
    TimeProvider time
) : IProcessSource, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Queue<ServerProcess> _warm = new();
    private readonly HashSet<Task> _watches = [];
    private bool _isProven;
    private bool _isDisposed;

    public StdioServerOptions Options => options;

    public TimeProvider Time => time;

    /// <summary>Starts the first process before anybody asks: what is wrong with the program shows at once, and the first session is quick.</summary>
    public void Begin()
    {
        if (options.WarmProcesses == 0)
        {
            return;
        }

        lock (_lock)
        {
            try
            {
                _warm.Enqueue(Start(options));
            }
            catch (IOException)
            {
                // The log has it.
            }
        }
    }

    /// <summary>A process nobody has talked to yet.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public ServerProcess Take()
    {
        ServerProcess? process = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            while (process is null && _warm.TryDequeue(out var waiting))
            {
                process = waiting.Exited.IsCompleted ? null : waiting;
            }
        }

        process ??= Start(options);
        if (_isProven)
        {
            WarmUp();
        }

        return process;
    }

    /// <summary>Makes sure that the next session finds a process. Called when one was good enough to be used.</summary>
    public void WarmUp()
    {
        lock (_lock)
        {
            // From now on a process that is taken is replaced at once. A program that does not even start is not started again and again.
            _isProven = true;
            // All sessions share the one that there is.
            if (_isDisposed || options.Mode == SessionMode.Shared)
            {
                return;
            }

            while (_warm.Count < options.WarmProcesses)
            {
                try
                {
                    _warm.Enqueue(Start(options));
                }
                catch (IOException)
                {
                    // Whoever needs it will find out, and be told.
                    return;
                }
            }
        }
    }

    /// <summary>The same program with variables that only one session has; none of the processes that wait will do for it.</summary>
    public IProcessSource With(IReadOnlyDictionary<string, string> variables) =>
        variables.Count == 0 || options.Mode != SessionMode.Independent ? this : new Varied(this, variables);

    public async ValueTask DisposeAsync()
    {
        ServerProcess[] left;
        Task[] watches;
        lock (_lock)
        {
            _isDisposed = true;
            left = [.. _warm];
            _warm.Clear();
            watches = [.. _watches];
        }

        await Task.WhenAll(left.Select(process => process.StopAsync()));
        await Task.WhenAll(watches);
    }

    private ServerProcess Start(StdioServerOptions options)
    {
        try
        {
            var process = ServerProcess.Start(options, line => Log.ErrorOutput(logger, name, line), guard, time);
            metrics.Processes.Add(1);
            Log.Started(logger, name, process.Id);
            var watch = WatchAsync(process);
            lock (_lock)
            {
                _watches.Add(watch);
            }

            _ = watch.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return process;
        }
        catch (IOException refused)
        {
            Log.NotStarted(logger, name, refused.Message);
            throw;
        }
    }

    private void Forget(Task watch)
    {
        lock (_lock)
        {
            _watches.Remove(watch);
        }
    }

    private async Task WatchAsync(ServerProcess process)
    {
        var code = await process.Exited;
        metrics.Processes.Add(-1);
        if (process.IsStopping)
        {
            Log.Stopped(logger, name, process.Id);
        }
        else
        {
            metrics.Exited();
            Log.Died(logger, name, process.Id, ExitText.Of(code), process.LastErrors);
        }
    }

    private sealed class Varied(ProcessSource source, IReadOnlyDictionary<string, string> variables) : IProcessSource
    {
        private readonly StdioServerOptions _options = source.Options with
        {
            Variables = source.Options.Variables.Concat(variables).ToDictionary(StringComparer.Ordinal),
        };

        public StdioServerOptions Options => _options;

        public TimeProvider Time => source.Time;

        public ServerProcess Take() => source.Start(_options);

        public void WarmUp() { }
    }

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Debug, "{Server}: started, process {ProcessId}")]
        public static partial void Started(ILogger logger, string server, int processId);

        [LoggerMessage(2202, LogLevel.Debug, "{Server}: process {ProcessId} stopped")]
        public static partial void Stopped(ILogger logger, string server, int processId);

        [LoggerMessage(2203, LogLevel.Warning, "{Server}: process {ProcessId} ended by itself, {Exit}; it said last: {LastErrors}")]
        public static partial void Died(ILogger logger, string server, int processId, string exit, string lastErrors);

        [LoggerMessage(2204, LogLevel.Error, "{Server}: {Problem}")]
        public static partial void NotStarted(ILogger logger, string server, string problem);

        [LoggerMessage(2205, LogLevel.Information, "{Server}: {Line}")]
        public static partial void ErrorOutput(ILogger logger, string server, string line);
    }
}
