namespace Tunnel.ProxyCore.Bridge.Processes;

/// <summary>The last lines of something, to tell what happened before it ended.</summary>
internal sealed class LastLines
{
    // Bounded: enough for the end of a stack trace.
    private const int MaxLines = 10;
    private const int MaxLength = 500;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new(MaxLines);

    public void Add(string line)
    {
        lock (_lock)
        {
            if (_lines.Count == MaxLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length > MaxLength ? line[..MaxLength] : line);
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join(" | ", _lines);
        }
    }
}
