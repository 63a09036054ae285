using System.Collections.Concurrent;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>A session's place at a process that others use as well.</summary>
internal sealed class SharedSeat(SharedServer server) : IServerSeat
{
    // Bounded: more resources than anybody watches at once.
    private const int MaxWatched = 1000;

    private readonly ConcurrentDictionary<string, bool> _watched = new(StringComparer.Ordinal);
    private ClientSession? _session;

    public ServerLink? Link => server.Link;

    public void Take(ClientSession session)
    {
        _session = session;
        server.Add(session, this);
    }

    /// <summary>Whether the client wants to hear of a resource.</summary>
    public bool Watches(string uri) => _watched.ContainsKey(uri);

    public Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken) =>
        server.InitializeAsync(initialize, cancellationToken);

    public ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken) => server.GetAsync(cancellationToken);

    // The process was told once that its client is ready.
    public bool Wants(RpcMessage notification) => notification.Method != "notifications/initialized";

    public ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(RpcMessage request, CancellationToken cancellationToken)
    {
        if (request.Method is not ("resources/subscribe" or "resources/unsubscribe") || UriOf(request) is not { } uri)
        {
            return new((ReadOnlyMemory<byte>?)null);
        }

        if (request.Method == "resources/subscribe")
        {
            if (_watched.Count < MaxWatched)
            {
                _watched.TryAdd(uri, true);
            }

            return new((ReadOnlyMemory<byte>?)null);
        }

        // The others want to go on hearing of it.
        _watched.TryRemove(uri, out _);
        return new(server.IsWatched(uri, except: this) ? Answers.Result(request.IdText, "{}") : (ReadOnlyMemory<byte>?)null);
    }

    public RpcMessage Prepare(RpcMessage request)
    {
        server.Note(request);
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        server.Remove(_session!);
        foreach (var uri in _watched.Keys.Where(uri => !server.IsWatched(uri, except: this)))
        {
            server.Forget(uri);
        }

        if (server.Link is { } link)
        {
            foreach (var call in link.Calls.Where(call => call.Owner == _session).ToList())
            {
                await link.CancelAsync(call, CancellationToken.None);
            }
        }
    }

    private static string? UriOf(RpcMessage request) => request.String(request.Find(request.Params, "uri"u8));
}
