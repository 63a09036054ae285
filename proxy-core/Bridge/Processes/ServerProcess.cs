using System.Buffers;
using System.Diagnostics;
using System.Text;
using Tunnel.ProxyCore.Streams;

namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>One running server: lines in, lines out, and an end that leaves nothing behind.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>How long a server may take to leave by itself after its input was closed, as MCP wants it to be asked.</summary>
    public static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long it may take after SIGTERM.</summary>
    public static readonly TimeSpan TerminateLimit = TimeSpan.FromSeconds(2);

    /// <summary>How long what it wrote last is waited for once it is gone: something it started may hold the pipes open.</summary>
    private static readonly TimeSpan s_lastWordsLimit = TimeSpan.FromSeconds(1);

    /// <summary>How long a server that reads nothing holds its callers up before the write counts as failed.</summary>
    private static readonly TimeSpan s_writeLimit = TimeSpan.FromSeconds(30);

    private const int MaxErrorLine = 8192;

    private readonly Process _process;
    private readonly bool _hasOwnGroup;
    private readonly OrphanGuard _guard;
    private readonly TimeProvider _time;
    private readonly Stream _input;
    private readonly SemaphoreSlim _writing = new(1);
    private readonly CancellationTokenSource _gone = new();
    private readonly Task _errors;
    private readonly LastLines _lastErrors = new();
    private volatile bool _isStopping;
    private int _isInputClosed;

    private ServerProcess(Process process, LaunchPlan plan, int maxMessage, Action<string> onError, OrphanGuard guard, TimeProvider time)
    {
        _process = process;
        Id = process.Id;
        _hasOwnGroup = plan.HasOwnGroup;
        _guard = guard;
        _time = time;
        _input = process.StandardInput.BaseStream;
        Output = new LineReader(process.StandardOutput.BaseStream, maxMessage);
        _errors = ReadErrorsAsync(onError);
        Exited = WatchAsync();
    }

    public int Id { get; }

    /// <summary>What it writes to standard output.</summary>
    public LineReader Output { get; }

    /// <summary>Ends with the exit code when the process and its group are gone.</summary>
    public Task<int> Exited { get; }

    /// <summary>Cancelled when the process is gone and nothing of its output is to come any more.</summary>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Whether it ended, or will, because we want it to.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>The end of what it said on standard error.</summary>
    public string LastErrors => _lastErrors.ToString();

    /// <param name="options">What to run.</param>
    /// <param name="onError">Gets every line of standard error.</param>
    /// <param name="guard">Ends it if we cannot.</param>
    /// <param name="time">For the limits.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static ServerProcess Start(StdioServerOptions options, Action<string> onError, OrphanGuard guard, TimeProvider time)
    {
        try
        {
            var plan = LaunchPlan.Of(options);
            var process = Process.Start(plan.StartInfo)!;
            if (plan.HasOwnGroup)
            {
                guard.Add(process.Id);
            }

            return new ServerProcess(process, plan, options.MaxMessage, onError, guard, time);
        }
        catch (System.ComponentModel.Win32Exception refused)
        {
            throw new IOException($"cannot start {options.Command[0]}: {refused.Message}", refused);
        }
    }

    /// <summary>Writes one message; callers take turns.</summary>
    /// <exception cref="IOException">The server does not read, or is gone.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        try
        {
            // With its end, so that the server is not woken for a line that it cannot take yet. From here on only a whole line will do,
            // whoever loses interest in it.
            var line = ArrayPool<byte>.Shared.Rent(message.Length + 1);
            message.CopyTo(line);
            line[message.Length] = (byte)'\n';
            var writing = _input.WriteAsync(line.AsMemory(0, message.Length + 1), _gone.Token);
            if (!writing.IsCompletedSuccessfully)
            {
                await writing.AsTask().WaitAsync(s_writeLimit, _time, CancellationToken.None);
            }

            // Not where it failed: somebody may still read from it.
            ArrayPool<byte>.Shared.Return(line);
        }
        catch (Exception failed) when (failed is TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // Half a line may be in the pipe. Nothing sensible can follow it.
            Kill();
            throw NotRead();
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Asks it to leave, then tells it to, then makes it.</summary>
    public Task StopAsync()
    {
        _isStopping = true;
        return EndAsync();
    }

    /// <summary>Ends it if it has not ended, and frees what belongs to it.</summary>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _errors;
        // Neither of these two is disposed: writers may still be waiting, and learn of the end from them.
        await _gone.CancelAsync();
        _process.Dispose();
    }

    private async Task EndAsync()
    {
        if (Interlocked.Exchange(ref _isInputClosed, 1) == 0)
        {
            try
            {
                _process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It is gone, or has closed its end before.
            }
        }

        if (await LeavesWithinAsync(CloseLimit))
        {
            return;
        }

        if (_hasOwnGroup)
        {
            ProcessGroup.Terminate(Id);
            if (await LeavesWithinAsync(TerminateLimit))
            {
                return;
            }
        }

        Kill();
        await Exited;
    }

    public void Kill()
    {
        if (_hasOwnGroup)
        {
            ProcessGroup.Kill(Id);
            return;
        }

        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    private async ValueTask TakeTurnAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!_gone.IsCancellationRequested && _writing.Wait(0, CancellationToken.None))
        {
            return;
        }

        using var limit = new CancellationTokenSource(s_writeLimit, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, _gone.Token);
        try
        {
            await _writing.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw NotRead();
        }
    }

    private IOException NotRead() =>
        new(Exited.IsCompleted ? "the server is gone" : $"the server did not read for {s_writeLimit.TotalSeconds} s");

    private async Task<bool> LeavesWithinAsync(TimeSpan limit)
    {
        try
        {
            await Exited.WaitAsync(limit, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task<int> WatchAsync()
    {
        await _process.WaitForExitAsync(CancellationToken.None);
        // Whatever it started has nobody to talk to any more.
        if (_hasOwnGroup)
        {
            ProcessGroup.Kill(Id);
            _guard.Remove(Id);
        }

        _gone.CancelAfter(s_lastWordsLimit);
        return _process.ExitCode;
    }

    private async Task ReadErrorsAsync(Action<string> onError)
    {
        var lines = new LineReader(_process.StandardError.BaseStream, MaxErrorLine);
        try
        {
            while (await lines.ReadAsync(_gone.Token) is { } line)
            {
                var text = Encoding.UTF8.GetString(line.Span).TrimEnd();
                if (text.Length > 0)
                {
                    _lastErrors.Add(text);
                    onError(text);
                }
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The pipe broke with the process, or something that the process started still holds it.
        }
    }
}
