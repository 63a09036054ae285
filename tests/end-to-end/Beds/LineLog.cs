namespace Tunnel.EndToEnd.Tests.Beds;

/// <summary>The lines that a program wrote, and a way to wait for one of them.</summary>
internal sealed class LineLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            _lines.Add(line);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    /// <summary>The first line that matches, from <paramref name="from"/> on.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> matches, CancellationToken cancellationToken, int from = 0)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_lines.Skip(from).FirstOrDefault(matches) is { } line)
                {
                    return line;
                }

                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(TestLimits.Default, cancellationToken);
            }
            catch (TimeoutException tooLate)
            {
                throw new TimeoutException($"the line did not come; there is:\n{string.Join('\n', Lines)}", tooLate);
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
