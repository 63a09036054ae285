using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Bridge.Messages;
using Tunnel.ProxyCore.Bridge.Processes;

namespace Tunnel.ProxyCore.Bridge.Sessions;

/// <summary>A server for one session alone.</summary>
internal sealed class OwnSeat : IServerSeat, ILinkListener
{
    private readonly SupervisedServer _server;
    private ClientSession? _session;

    public OwnSeat(IProcessSource source, BridgeMetrics metrics, ILogger logger)
    {
        _server = new SupervisedServer(source, this, metrics, logger);
    }

    public void Take(ClientSession session) => _session = session;

    public ServerLink? Link => _server.Link;

    public Task<RpcMessage> InitializeAsync(RpcMessage initialize, CancellationToken cancellationToken) =>
        _server.InitializeAsync(initialize, cancellationToken);

    public ValueTask<ServerLink> GetAsync(CancellationToken cancellationToken) => _server.GetAsync(cancellationToken);

    public RpcMessage Prepare(RpcMessage request)
    {
        _server.Note(request);
        return request;
    }

    public ValueTask ReceiveAsync(ServerLink link, RpcMessage message) => _session!.ReceiveAsync(link, message);

    public void Closed(ServerLink link) => _session!.Forget(link);

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
