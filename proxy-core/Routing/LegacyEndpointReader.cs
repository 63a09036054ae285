using System.Text;

namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// Reads the first event of an event stream, which in the HTTP+SSE transport is where to post:
/// <c>event: endpoint\ndata: /messages?sessionId=7f1e\n\n</c>. Any other first event ends the reading.
/// </summary>
internal sealed class LegacyEndpointReader(Action<string> announce)
{
    /// <summary>Longer than any URL that a client would take.</summary>
    private const int MaxBytes = 4096;

    private readonly List<byte> _head = [];
    private bool _isDone;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        if (_isDone)
        {
            return;
        }

        _head.AddRange(bytes[..Math.Min(bytes.Length, MaxBytes - _head.Count)]);
        var text = Encoding.UTF8.GetString([.. _head]).ReplaceLineEndings("\n");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
        {
            _isDone = _head.Count == MaxBytes;
            return;
        }

        _isDone = true;
        var lines = text[..end].Split('\n');
        if (Field(lines, "event") == "endpoint" && Field(lines, "data") is { Length: > 0 } endpoint)
        {
            announce(endpoint);
        }
    }

    private static string? Field(string[] lines, string name)
    {
        foreach (var line in lines)
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] == ':')
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return null;
    }
}
