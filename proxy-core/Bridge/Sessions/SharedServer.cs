using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;
using Tunnel.ProxyCore.Bridge.Web;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>One process for all sessions. The first client's <c>initialize</c> starts it, those of the others are answered from what it said.</summary>
internal sealed class SharedServer : ILinkListener, IAsyncDisposable
{
    private static readonly byte[] s_initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}"""u8.ToArray();

    private readonly SupervisedServer _server;
    private readonly ConcurrentDictionary<ClientSession, SharedSeat> _seats = new();
    private readonly SemaphoreSlim _greeting = new(1);
    private RpcMessage? _response;

    public SharedServer(ProcessSource source, BridgeMetrics metrics, ILogger logger)
    {
        _server = new SupervisedServer(source, this, metrics, logger);
    }

    public ServerLink? Link => _server.Link;

    public void Add(ClientSession session, SharedSeat seat) => _seats[session] = seat;

    public void Remove(ClientSession session) => _seats.TryRemove(session, out _);

    /// <summary>Whether anybody but one session wants to hear of a resource.</summary>
    public bool IsWatched(string uri, SharedSeat except) => _seats.Values.Any(seat => seat != except && seat.Watches(uri));

    public void Note(RpcMessage request) => _server.Note(request);

    public void Forget(string uri) => _server.Forget(uri);

    public ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken) => _server.GetAsync(cancellationToken);

    public async Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken)
    {
        await _greeting.WaitAsync(cancellationToken);
        try
        {
            if (_response is null)
            {
                var response = await _server.InitializeAsync(UnitedInitialize.Of(initialize), cancellationToken);
                if (!response.Result.Exists)
                {
                    return response;
                }

                await _server.Link!.SendAsync(s_initialized, cancellationToken);
                _response = response;
            }

            return RpcMessage.Read(_response.With(_response.Id, initialize.IdText))!;
        }
        finally
        {
            _greeting.Release();
        }
    }

    public async ValueTask ReceiveAsync(ServerLink link, RpcMessage message)
    {
        if (message.IsRequest)
        {
            await AskAsync(link, message);
        }
        else if (message.Method == "notifications/cancelled")
        {
            var id = Encoding.UTF8.GetString(message.Bytes(message.Find(message.Params, "requestId"u8)).Span);
            foreach (var session in _seats.Keys.Where(session => session.IsAskedBy(link, id)))
            {
                await session.ReceiveAsync(link, message);
            }
        }
        else
        {
            foreach (var session in ListenersOf(link, message))
            {
                await session.ReceiveAsync(link, message);
            }
        }
    }

    public void Closed(ServerLink link)
    {
        foreach (var session in _seats.Keys)
        {
            session.Forget(link);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async ValueTask AskAsync(ServerLink link, RpcMessage request)
    {
        if (request.Method == "ping")
        {
            await link.SendAsync(Answers.Result(request.IdText, "{}"), CancellationToken.None);
            return;
        }

        var session = SessionsAtWork(link).FirstOrDefault(session => CanAnswer(session, request.Method!));
        if (session is null)
        {
            await link.SendAsync(
                Answers.Error(request.IdText, -32601, "no client that is being served can answer this"),
                CancellationToken.None
            );
            return;
        }

        await session.ReceiveAsync(link, request);
    }

    private IEnumerable<ClientSession> ListenersOf(ServerLink link, RpcMessage notification)
    {
        if (notification.Method == "notifications/resources/updated")
        {
            var uri = notification.String(notification.Find(notification.Params, "uri"u8));
            return _seats.Where(pair => uri is not null && pair.Value.Watches(uri)).Select(pair => pair.Key);
        }

        var isForAll = notification.Method!.EndsWith("/list_changed", StringComparison.Ordinal);
        return !isForAll && SessionsAtWork(link).FirstOrDefault() is { } newest ? [newest] : _seats.Keys;
    }

    /// <summary>The sessions whose requests are being worked on, the newest first.</summary>
    private static IEnumerable<ClientSession> SessionsAtWork(ServerLink link) =>
        link.Calls.OrderByDescending(call => call.Number).Select(call => call.Owner).OfType<ClientSession>().Distinct();

    private static bool CanAnswer(ClientSession session, string method) =>
        method switch
        {
            "sampling/createMessage" => session.Can("sampling"u8),
            "elicitation/create" => session.Can("elicitation"u8),
            "roots/list" => session.Can("roots"u8),
            _ => true,
        };
}
