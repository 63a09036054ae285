using Microsoft.AspNetCore.SignalR;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>
/// Keeps one tunnel open: opens it again when the relay is lost, and opens it elsewhere before it leaves a relay that is about to stop.
/// </summary>
internal sealed class TunnelClient(
    TunnelSettings settings,
    DataPlane dataPlane,
    Disturbances disturbances,
    ITunnelObserver observer,
    TimeProvider time
)
{
    private readonly Backoff _backoff = new(Random.Shared.NextDouble);
    private IReadOnlyList<Uri> _relays = [settings.Relay];
    private int _attempt;

    // Serves on while its relay drains, until the next one is up.
    private TunnelOpening? _leaving;

    /// <summary>Runs until the token is cancelled.</summary>
    /// <returns>The refusal that ended it for good, or null when it was told to stop.</returns>
    public async Task<TunnelRefusal?> RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var disturbed = disturbances.Next;
                var (reason, refusal) = await TryAsync(stopping);
                if (refusal is { Fatal: true })
                {
                    return refusal;
                }

                stopping.ThrowIfCancellationRequested();
                var delay = _backoff.Next();
                observer.Retrying(reason, delay);
                if (await WaitAsync(delay, disturbed, stopping) is { Fatal: true } ended)
                {
                    return ended;
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await LetGoAsync(saysGoodbye: true);
        }
    }

    /// <summary>From dialling until the tunnel is over, or has to go elsewhere.</summary>
    /// <returns>What happened, and the refusal that it was, if it was one.</returns>
    private async Task<(string Reason, TunnelRefusal? Refusal)> TryAsync(CancellationToken stopping)
    {
        const string Lost = "connection to the relay lost";
        try
        {
            var relay = _relays[_attempt++ % _relays.Count];
            var opening = await TunnelOpening.OpenAsync(
                relay,
                settings,
                dataPlane,
                disturbances,
                OnUp,
                observer.Unused,
                observer.Noticed,
                stopping
            );
            if (await ServeAsync(opening, stopping) is { } refusal)
            {
                return (refusal.Message, refusal);
            }

            return (_leaving == opening ? "the relay is about to stop" : Lost, null);
        }
        catch (TunnelRefusedException refused)
        {
            return ($"{refused.Refusal.Message} [{refused.Refusal.Code}]", refused.Refusal);
        }
        catch (Exception lost) when (IsLoss(lost, stopping))
        {
            return (lost is RelayUnreachableException or InvalidDataException ? lost.Message : Lost, null);
        }
    }

    private async Task<TunnelRefusal?> ServeAsync(TunnelOpening opening, CancellationToken stopping)
    {
        var isKept = false;
        try
        {
            // 1. The one before leaves when this one is up, or has turned out to be no better.
            await Task.WhenAny(opening.Up, opening.Ended).WaitAsync(stopping);
            await LetGoAsync(saysGoodbye: true);

            // 2. Serve.
            await Task.WhenAny(opening.Ended, opening.Draining).WaitAsync(stopping);
            if (!opening.Ended.IsCompleted)
            {
                // 3. The relay is about to stop: this one serves on until there is another.
                isKept = true;
                _leaving = opening;
                _relays = DataOrigins.Of(await opening.Draining, settings.Relay);
                _attempt = 0;
                return null;
            }

            if (opening.Up.IsCompleted)
            {
                observer.Lost();
            }

            return await opening.Ended;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await opening.LeaveAsync();
            throw;
        }
        finally
        {
            if (!isKept)
            {
                await opening.DisposeAsync();
            }
        }
    }

    /// <summary>Waits before the next attempt, until the network is another one, or until the tunnel that serves on is over.</summary>
    /// <returns>Why that was over, if the relay ended it.</returns>
    private async Task<TunnelRefusal?> WaitAsync(TimeSpan delay, Task disturbed, CancellationToken stopping)
    {
        var delayed = DelayAsync(delay, disturbed, stopping);
        if (_leaving is not { } leaving)
        {
            await delayed;
            return null;
        }

        if (await Task.WhenAny(delayed, leaving.Ended) == delayed)
        {
            await delayed;
            return null;
        }

        // It is gone before there was another: from here on it is a loss as any other.
        observer.Lost();
        _backoff.Reset();
        await LetGoAsync(saysGoodbye: false);
        try
        {
            return await leaving.Ended;
        }
        catch (TunnelRefusedException refused)
        {
            return refused.Refusal;
        }
    }

    private async Task DelayAsync(TimeSpan delay, Task disturbed, CancellationToken stopping)
    {
        if (await Task.WhenAny(Task.Delay(delay, time, stopping), disturbed) == disturbed)
        {
            // What failed before says nothing about the network as it is now.
            _backoff.Reset();
        }

        stopping.ThrowIfCancellationRequested();
    }

    private void OnUp(OpenedTunnel tunnel)
    {
        _backoff.Reset();
        _relays = [settings.Relay];
        observer.Up(tunnel);
    }

    private async Task LetGoAsync(bool saysGoodbye)
    {
        if (_leaving is not { } leaving)
        {
            return;
        }

        _leaving = null;
        if (saysGoodbye)
        {
            await leaving.LeaveAsync();
        }

        await leaving.DisposeAsync();
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
}
