using Microsoft.AspNetCore.SignalR;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>One opening of the tunnel at a relay: its control connection, and the data connections that are kept for it.</summary>
internal sealed class TunnelOpening : IAsyncDisposable
{
    /// <summary>How long a relay that is not waited for may take to use the connections.</summary>
    private static readonly TimeSpan s_upLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long saying goodbye to the relay may take.</summary>
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(1);

    private readonly ControlConnection _control;
    private readonly OpenedTunnel _tunnel;
    private readonly Uri _relay;
    private readonly CancellationTokenSource _over = new();
    private readonly TaskCompletionSource _up = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Disturbances _disturbances;
    private readonly Task _keeping;

    private TunnelOpening(
        ControlConnection control,
        OpenedTunnel tunnel,
        Uri relay,
        DataPlane dataPlane,
        Disturbances disturbances,
        OpeningEvents events
    )
    {
        (_control, _tunnel, _relay, _disturbances) = (control, tunnel, relay, disturbances);
        _keeping = dataPlane.KeepAsync(
            control,
            DataOrigins.Of(tunnel, relay),
            tunnel.DataConnections,
            () =>
            {
                _up.SetResult();
                events.Changed();
            },
            events.Unused,
            _over.Token
        );
        control.Told = events.Changed;
        Ended = WaitForEndAsync();
        _ = TellEndAsync(events.Changed);
    }

    /// <summary>How it is now.</summary>
    public OpeningState State =>
        new(
            _tunnel,
            _relay,
            _up.Task.IsCompleted && !Ended.IsCompleted,
            _control.Draining is not null,
            DataOrigins.Elsewhere(_control.Draining is { } notice ? notice.Elsewhere : _control.Elsewhere, _relay)
        );

    /// <summary>Completes when this opening is over: with a refusal when the relay ended it, with null when it was lost. May fail as dialling does.</summary>
    public Task<TunnelRefusal?> Ended { get; }

    /// <exception cref="TunnelRefusedException">The relay refused, and said why.</exception>
    /// <inheritdoc cref="WebSocketDialer.DialAsync" path="/exception"/>
    public static async Task<TunnelOpening> OpenAsync(
        Uri relay,
        TunnelSettings settings,
        OpenTunnelRequest request,
        DataPlane dataPlane,
        Disturbances disturbances,
        OpeningEvents events,
        CancellationToken cancellationToken
    )
    {
        var control = await ControlConnection.OpenAsync(relay, settings.Credential, settings.Trust, events.Noticed, cancellationToken);
        try
        {
            var tunnel = await control.OpenTunnelAsync(request, cancellationToken);
            return new TunnelOpening(control, tunnel, relay, dataPlane, disturbances, events);
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it carries requests, or is over. One that does neither is left.</summary>
    /// <exception cref="TimeoutException">The relay does not use the connections.</exception>
    public async Task<TunnelOpening> WhenUpAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAny(_up.Task, Ended).WaitAsync(s_upLimit, time, cancellationToken);
            return this;
        }
        catch
        {
            await LeaveAsync();
            throw;
        }
    }

    /// <summary>Says goodbye: the relay sends nothing new, and lets what is under way finish. Then disposes.</summary>
    public async Task LeaveAsync()
    {
        using var limit = new CancellationTokenSource(s_closeTimeout);
        try
        {
            await _control.CloseTunnelAsync(limit.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or HubException or InvalidOperationException)
        {
            // The relay finds out by itself.
        }

        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _control.DisposeAsync();
        try
        {
            await _keeping;
        }
        catch (TunnelRefusedException)
        {
            // Whoever waits for the end gets to know.
        }

        _over.Dispose();
    }

    private async Task TellEndAsync(Action onChange)
    {
        await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        onChange();
    }

    private async Task<TunnelRefusal?> WaitForEndAsync()
    {
        // Keeping ends by itself only when it cannot go on, and then says why.
        var silent = _disturbances.WaitForSilenceAsync(_control.AnswersAsync, _control.Ended, _over.Token);
        await Task.WhenAny(_control.Ended, _keeping, silent);
        await _over.CancelAsync();
        await _keeping;
        return _control.Ended.IsCompleted ? await _control.Ended : null;
    }
}

/// <summary>What is told of an opening while it lasts.</summary>
/// <param name="Changed">Its state is another.</param>
/// <param name="Unused">Its relay lets the connections lie.</param>
/// <param name="Noticed">Its relay has something to say to the person.</param>
internal sealed record OpeningEvents(Action Changed, Action Unused, Action<string> Noticed);
