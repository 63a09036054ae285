using Microsoft.AspNetCore.SignalR;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>Keeps one tunnel open: control connection, data connections, and again from the start when the relay is lost.</summary>
internal sealed class TunnelClient(TunnelSettings settings, DataPlane dataPlane, ITunnelObserver observer, TimeProvider time)
{
    /// <summary>How long saying goodbye to the relay may take.</summary>
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the token is cancelled.</summary>
    /// <returns>The refusal that ended it for good, or null when it was told to stop.</returns>
    public async Task<TunnelRefusal?> RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff(Random.Shared.NextDouble);
        while (true)
        {
            string reason;
            try
            {
                var refusal = await RunOnceAsync(backoff, stopping);
                if (refusal is { Fatal: true } || stopping.IsCancellationRequested)
                {
                    return refusal;
                }

                reason = refusal?.Message ?? "connection to the relay lost";
            }
            catch (TunnelRefusedException refused) when (refused.Refusal.Fatal)
            {
                return refused.Refusal;
            }
            catch (TunnelRefusedException refused)
            {
                reason = $"{refused.Refusal.Message} [{refused.Refusal.Code}]";
            }
            catch (Exception lost) when (IsLoss(lost, stopping))
            {
                reason = lost is RelayUnreachableException or InvalidDataException ? lost.Message : "connection to the relay lost";
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return null;
            }

            var delay = backoff.Next();
            observer.Retrying(reason, delay);
            try
            {
                await Task.Delay(delay, time, stopping);
            }
            catch (OperationCanceledException)
            {
                return null;
            }
        }
    }

    private static bool IsLoss(Exception lost, CancellationToken stopping) =>
        lost
            is RelayUnreachableException
                or InvalidDataException
                or IOException
                or HubException
                or InvalidOperationException
                or TimeoutException
        || (lost is OperationCanceledException && !stopping.IsCancellationRequested);

    /// <summary>From dialling to the end of the control connection.</summary>
    private async Task<TunnelRefusal?> RunOnceAsync(Backoff backoff, CancellationToken stopping)
    {
        await using var control = await ControlConnection.OpenAsync(settings.Relay, settings.Credential, stopping);
        var tunnel = await control.OpenTunnelAsync(settings.Request, stopping);

        var isUp = false;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var keeping = dataPlane.KeepAsync(
            control,
            tunnel.DataConnections,
            () =>
            {
                isUp = true;
                backoff.Reset();
                observer.Up(tunnel);
            },
            observer.Unused,
            over.Token
        );

        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (stopping.Register(() => stopped.TrySetResult()))
        {
            // Keeping ends by itself only when it cannot go on, and then says why when it is awaited.
            await Task.WhenAny(control.Ended, stopped.Task, keeping);
        }

        await over.CancelAsync();
        await keeping;
        if (stopping.IsCancellationRequested)
        {
            await SayGoodbyeAsync(control);
            return null;
        }

        if (isUp)
        {
            observer.Lost();
        }

        return await control.Ended;
    }

    private static async Task SayGoodbyeAsync(ControlConnection control)
    {
        using var limit = new CancellationTokenSource(s_closeTimeout);
        try
        {
            await control.CloseTunnelAsync(limit.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or HubException or InvalidOperationException)
        {
            // The relay finds out by itself.
        }
    }
}
