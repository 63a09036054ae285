using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Connector.Cli;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>The control plane from the connector's side: SignalR over our own WebSocket connection, one hub connection per attempt.</summary>
internal sealed class ControlConnection : IAsyncDisposable
{
    /// <summary>More than any relay has a reason to ask for.</summary>
    private const int MaxDataConnections = 16;

    private readonly HubConnection _hub;
    private readonly TaskCompletionSource<TunnelRefusal?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile DrainNotice? _draining;
    private volatile IReadOnlyList<string>? _elsewhere;

    private ControlConnection(HubConnection hub, Action<string> onNotice)
    {
        _hub = hub;
        hub.Closed += _ =>
        {
            _ended.TrySetResult(null);
            return Task.CompletedTask;
        };
        hub.On<TunnelRefusal>(nameof(IConnectorClient.Evicted), refusal => _ended.TrySetResult(refusal));
        hub.On<TunnelNotice>(nameof(IConnectorClient.Notice), notice => onNotice(notice.Text));
        hub.On<NodesNotice>(
            nameof(IConnectorClient.NodesChanged),
            notice =>
            {
                _elsewhere = notice.Elsewhere ?? [];
                Told?.Invoke();
            }
        );
        hub.On<DrainNotice>(
            nameof(IConnectorClient.Drain),
            notice =>
            {
                _draining = notice;
                Told?.Invoke();
            }
        );
    }

    /// <summary>Completes when the connection is over: with a refusal when the relay ended the tunnel, with null when it was lost.</summary>
    public Task<TunnelRefusal?> Ended => _ended.Task;

    /// <summary>What the relay said when it was about to stop, if it is.</summary>
    public DrainNotice? Draining => _draining;

    /// <summary>Other relays that the relay named last.</summary>
    public IReadOnlyList<string>? Elsewhere => _elsewhere;

    /// <summary>Hears that the relay is about to stop, or named other relays.</summary>
    public Action? Told { get; set; }

    /// <inheritdoc cref="WebSocketDialer.DialAsync" path="/exception"/>
    public static async Task<ControlConnection> OpenAsync(
        Uri relay,
        string credential,
        RelayTrust trust,
        Action<string> onNotice,
        CancellationToken cancellationToken
    )
    {
        var builder = new HubConnectionBuilder();
        builder.Services.AddSingleton<IConnectionFactory>(new ConnectionFactory(relay, credential, trust));
        builder.Services.AddSingleton<EndPoint>(new UriEndPoint(RelayAddress.WebSocket(relay, TunnelProtocol.ControlPath)));
        builder.AddJsonProtocol(json => json.PayloadSerializerOptions.TypeInfoResolverChain.Insert(0, ContractJson.Default));
        var hub = builder.WithKeepAliveInterval(TunnelProtocol.PingInterval).WithServerTimeout(TunnelProtocol.DeadAfter).Build();
        hub.HandshakeTimeout = TunnelProtocol.DeadAfter;
        var control = new ControlConnection(hub, onNotice);
        try
        {
            await hub.StartAsync(cancellationToken);
            return control;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="TunnelRefusedException">The relay refused, and said why.</exception>
    public async Task<OpenedTunnel> OpenTunnelAsync(OpenTunnelRequest request, CancellationToken cancellationToken)
    {
        var result = await _hub.InvokeAsync<OpenTunnelResult>(nameof(IControlHub.OpenTunnel), request, cancellationToken);
        if (result.Refusal is { } refusal)
        {
            throw new TunnelRefusedException(refusal);
        }

        // What a relay says goes to stdout and into other programs; it has to be what it says it is.
        var isSound =
            result.Tunnel is { DataConnections: > 0 and <= MaxDataConnections } tunnel
            && Uri.TryCreate(tunnel.PublicUrl, UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", PathAndQuery: "/" }
            && url.GetLeftPart(UriPartial.Authority) == tunnel.PublicUrl;
        if (!isSound)
        {
            throw new InvalidDataException("the relay's answer makes no sense");
        }

        // What it has said beside the answer is newer.
        _elsewhere ??= result.Tunnel!.Elsewhere;
        return result.Tunnel!;
    }

    /// <returns>Null when the relay has no tunnel on this connection any more.</returns>
    public Task<string?> IssueDataTicketAsync(CancellationToken cancellationToken) =>
        _hub.InvokeAsync<string?>(nameof(IControlHub.IssueDataTicket), cancellationToken);

    public Task CloseTunnelAsync(CancellationToken cancellationToken) =>
        _hub.InvokeAsync(nameof(IControlHub.CloseTunnel), cancellationToken);

    /// <summary>Asks the relay for an answer now, besides the pings that go on their own schedule.</summary>
    /// <returns>False when there was none within the limit.</returns>
    public async Task<bool> AnswersAsync(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _hub.InvokeAsync(nameof(IControlHub.Ping), either.Token);
            return true;
        }
        catch (HubException)
        {
            // An older relay does not know the call, and says so.
            return true;
        }
        catch (Exception silent) when (silent is OperationCanceledException or InvalidOperationException or IOException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    private sealed class ConnectionFactory(Uri relay, string credential, RelayTrust trust) : IConnectionFactory
    {
        public async ValueTask<ConnectionContext> ConnectAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
            await WebSocketDialer.DialAsync(
                RelayAddress.WebSocket(relay, TunnelProtocol.ControlPath),
                credential,
                subprotocol: null,
                trust,
                cancellationToken
            );
    }
}
