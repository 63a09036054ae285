using System.Collections.Concurrent;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// What servers call themselves in their metadata (RFC 9728 section 2, <c>resource</c>). Clients are told the public name and say it when
/// they ask for a token (RFC 8707); a server that is strict about it knows only the one it gave.
/// </summary>
internal sealed class ResourceNames
{
    /// <summary>More than there are endpoints behind one proxy.</summary>
    private const int MaxNames = 64;

    private readonly ConcurrentDictionary<(string Origin, string Name), bool> _names = new();

    /// <param name="serverOrigin">Scheme and authority of the server.</param>
    /// <param name="name">Its name for itself.</param>
    public void Add(string serverOrigin, string name)
    {
        if (_names.Count < MaxNames)
        {
            _names.TryAdd((serverOrigin, name), true);
        }
    }

    /// <returns>What the server calls the resource that a client names, or null when that is none whose name we changed.</returns>
    public string? Find(string serverOrigin, PublicUrls urls, string said)
    {
        foreach (var (origin, name) in _names.Keys)
        {
            if (origin == serverOrigin && urls.Translate(name) is { } told && IsSame(told, said))
            {
                return name;
            }
        }

        return null;
    }

    // Clients that keep it as a URL add the slash of an empty path.
    private static bool IsSame(string told, string said) => told == said || told + "/" == said;
}
