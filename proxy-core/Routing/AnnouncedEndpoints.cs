using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.Routing;

/// <summary>
/// Paths that a server itself told its clients to post to, in the <c>endpoint</c> event of the HTTP+SSE transport (revision 2024-11-05).
/// Bounded: the oldest go first; their event streams are long gone.
/// </summary>
internal sealed class AnnouncedEndpoints
{
    private const int MaxPaths = 1024;

    private readonly ConcurrentDictionary<string, bool> _paths = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();

    public bool Contains(string path) => _paths.ContainsKey(path);

    /// <param name="path">A path on the server, without a query.</param>
    public void Add(string path)
    {
        if (!_paths.TryAdd(path, true))
        {
            return;
        }

        _order.Enqueue(path);
        if (_order.Count > MaxPaths && _order.TryDequeue(out var oldest))
        {
            _paths.TryRemove(oldest, out _);
        }
    }
}
