using System.Collections.Concurrent;
using Tunnel.ProxyCore.Bridge.Messages;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>
/// What a client set up in a session by requests, so that a server that forgot it can be told again: from which level on it wants log
/// messages, and which resources it watches. Everything else that a server remembers only the server knows.
/// </summary>
internal sealed class SessionMemory
{
    // Bounded: more resources than anybody watches at once.
    private const int MaxWatched = 1000;

    private readonly ConcurrentDictionary<string, RpcMessage> _subscriptions = new(StringComparer.Ordinal);
    private volatile RpcMessage? _level;

    /// <summary>Takes note of a request on its way to the server.</summary>
    public void Note(RpcMessage request)
    {
        switch (request.Method)
        {
            case "logging/setLevel":
                _level = request;
                break;
            case "resources/subscribe" when UriOf(request) is { } uri && _subscriptions.Count < MaxWatched:
                _subscriptions[uri] = request;
                break;
            case "resources/unsubscribe" when UriOf(request) is { } uri:
                Forget(uri);
                break;
        }
    }

    /// <summary>Nobody watches a resource any more.</summary>
    public void Forget(string uri) => _subscriptions.TryRemove(uri, out _);

    /// <summary>The requests to make again, as the client made them, ids included.</summary>
    public IEnumerable<RpcMessage> Replay() => _level is { } level ? [level, .. _subscriptions.Values] : _subscriptions.Values;

    private static string? UriOf(RpcMessage request) => request.String(request.Find(request.Params, "uri"u8));
}
