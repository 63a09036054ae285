using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Tunnel.Connector.Cli;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Connector.Tunneling;

/// <summary>Keeps the data connections of one opened tunnel: as many as the relay asked for, each dialled again when it goes.</summary>
internal sealed class DataPlane(TunnelListener listener, RelayTrust trust, Disturbances disturbances, TimeProvider time)
{
    /// <summary>How long the relay may take to use a fresh connection before the person is told.</summary>
    private static readonly TimeSpan s_probePatience = TimeSpan.FromSeconds(10);

    /// <summary>How often the relay is asked how far it is. First answers are slow as a rule.</summary>
    private const int Pings = 4;

    /// <summary>Runs until the token says that this opening of the tunnel is over. Connections that carry exchanges are left alone then.</summary>
    /// <param name="control">Where tickets come from.</param>
    /// <param name="origins">Where to dial them, in turn.</param>
    /// <param name="connections">How many to keep.</param>
    /// <param name="onFirstUsed">Called once, when the tunnel can carry requests.</param>
    /// <param name="onUnused">Called when the relay lets a connection lie.</param>
    /// <param name="cancellationToken">Ends the keeping, not the connections.</param>
    /// <exception cref="TunnelRefusedException">The relay wants data connections of another version.</exception>
    public async Task KeepAsync(
        ControlConnection control,
        IReadOnlyList<Uri> origins,
        int connections,
        Action onFirstUsed,
        Action onUnused,
        CancellationToken cancellationToken
    )
    {
        var used = 0;
        var way = new TunnelWay(time);
        void OnUsed()
        {
            if (Interlocked.Exchange(ref used, 1) == 0)
            {
                onFirstUsed();
                // Nobody waits for that.
                _ = MeasureAsync();
            }
        }

        async Task MeasureAsync()
        {
            for (var ping = 0; ping < Pings && !cancellationToken.IsCancellationRequested; ping++)
            {
                await way.MeasureAsync(() => control.AnswersAsync(TunnelProtocol.PingTimeout, time, cancellationToken));
            }
        }

        // One that cannot go on ends the others too.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = Enumerable
            .Range(0, connections)
            .Select(number => KeepOneAsync(control, origins[number % origins.Count], way, OnUsed, onUnused, over.Token))
            .ToList();
        await Task.WhenAny(keeping);
        await over.CancelAsync();
        await Task.WhenAll(keeping);
    }

    private async Task KeepOneAsync(
        ControlConnection control,
        Uri origin,
        TunnelWay way,
        Action onUsed,
        Action onUnused,
        CancellationToken cancellationToken
    )
    {
        var backoff = new Backoff(Random.Shared.NextDouble);
        while (!cancellationToken.IsCancellationRequested)
        {
            var disturbed = disturbances.Next;
            try
            {
                await Task.WhenAny(Task.Delay(backoff.Next(), time, cancellationToken), disturbed);
                if (await way.MeasureAsync(() => control.IssueDataTicketAsync(cancellationToken)) is not { } ticket)
                {
                    continue;
                }

                var endpoint = RelayAddress.WebSocket(origin, TunnelProtocol.DataPath);
                var connection = await WebSocketDialer.DialAsync(
                    endpoint,
                    ticket,
                    TunnelProtocol.DataSubprotocol,
                    trust,
                    cancellationToken
                );
                connection.Features.Set(way);
                var closed = WhenSignalledAsync(connection.ConnectionClosed, cancellationToken);
                var probed = ProbeMiddleware.WhenProbed(connection);
                await HandOverAsync(connection, cancellationToken);
                if (await Task.WhenAny(probed, closed, Task.Delay(s_probePatience, time, cancellationToken)) == probed)
                {
                    backoff.Reset();
                    onUsed();
                }
                else if (!closed.IsCompleted && !cancellationToken.IsCancellationRequested)
                {
                    onUnused();
                }

                if (await disturbances.WaitForSilenceAsync(connection.AnswersAsync, closed, cancellationToken))
                {
                    connection.Abort(new ConnectionAbortedException("no answer after a disturbance of the network"));
                }
            }
            catch (TunnelRefusedException refused) when (refused.Refusal.Code == ErrorCatalog.ConnectorTooOld.Code)
            {
                throw;
            }
            catch (Exception failed) when (IsTransient(failed))
            {
                // The control connection tells the person about a relay that is away; here it is enough to try again.
            }
        }
    }

    private async Task HandOverAsync(ConnectionContext connection, CancellationToken cancellationToken)
    {
        try
        {
            await listener.OfferAsync(connection, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
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
                or HubException;

    private static async Task WhenSignalledAsync(CancellationToken signal, CancellationToken cancellationToken)
    {
        var signalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onSignal = signal.Register(() => signalled.TrySetResult());
        await using var onCancel = cancellationToken.Register(() => signalled.TrySetResult());
        await signalled.Task;
    }
}
