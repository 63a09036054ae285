using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Tunnel.Connector.Cli;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>Keeps the data connections of one opened tunnel: as many as the relay asked for, each dialled again when it goes.</summary>
internal sealed class DataPlane(Uri relay, TunnelListener listener, TimeProvider time)
{
    /// <summary>Runs until the token says that this opening of the tunnel is over. Connections that carry exchanges are left alone then.</summary>
    /// <param name="control">Where tickets come from.</param>
    /// <param name="connections">How many to keep.</param>
    /// <param name="onFirstConnected">Called once, when the tunnel can carry requests.</param>
    /// <param name="cancellationToken">Ends the keeping, not the connections.</param>
    public Task KeepAsync(ControlConnection control, int connections, Action onFirstConnected, CancellationToken cancellationToken)
    {
        var called = 0;
        return Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ =>
                    KeepOneAsync(
                        control,
                        () =>
                        {
                            if (Interlocked.Exchange(ref called, 1) == 0)
                            {
                                onFirstConnected();
                            }
                        },
                        cancellationToken
                    )
                )
        );
    }

    private async Task KeepOneAsync(ControlConnection control, Action onConnected, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(Random.Shared.NextDouble);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(backoff.Next(), time, cancellationToken);
                if (await control.IssueDataTicketAsync(cancellationToken) is not { } ticket)
                {
                    continue;
                }

                var endpoint = RelayAddress.WebSocket(relay, TunnelProtocol.DataPath);
                var connection = await WebSocketDialer.DialAsync(endpoint, ticket, TunnelProtocol.DataSubprotocol, cancellationToken);
                var closed = WhenSignalledAsync(connection.ConnectionClosed, cancellationToken);
                var probed = ProbeMiddleware.WhenProbed(connection);
                await listener.OfferAsync(connection, cancellationToken);
                if (await Task.WhenAny(probed, closed) == probed)
                {
                    backoff.Reset();
                    onConnected();
                }

                await closed;
            }
            catch (Exception failed) when (IsTransient(failed))
            {
                // The control connection tells the person about a relay that is away; here it is enough to try again.
            }
        }
    }

    private static bool IsTransient(Exception failed) =>
        failed
            is RelayUnreachableException
                or TunnelRefusedException
                or OperationCanceledException
                or ChannelClosedException
                or InvalidOperationException
                or IOException
                or Microsoft.AspNetCore.SignalR.HubException;

    private static async Task WhenSignalledAsync(CancellationToken signal, CancellationToken cancellationToken)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onSignal = signal.Register(() => signalled.TrySetResult());
        await using var onCancel = cancellationToken.Register(() => signalled.TrySetResult());
        await signalled.Task;
    }
}
