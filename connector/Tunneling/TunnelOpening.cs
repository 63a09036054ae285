using Microsoft.AspNetCore.SignalR;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>One opening of the tunnel at a relay: its control connection, and the data connections that are kept for it.</summary>
internal sealed class TunnelOpening : IAsyncDisposable
{
    /// <summary>How long saying goodbye to the relay may take.</summary>
    private static readonly TimeSpan s_closeTimeout = TimeSpan.FromSeconds(1);

    private readonly ControlConnection _control;
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
        Action onUp,
        Action onUnused
    )
    {
        _control = control;
        _disturbances = disturbances;
        _keeping = dataPlane.KeepAsync(
            control,
            DataOrigins.Of(tunnel, relay),
            tunnel.DataConnections,
            () =>
            {
                onUp();
                _up.TrySetResult();
            },
            onUnused,
            _over.Token
        );
        Ended = WaitForEndAsync();
    }

    /// <summary>Completes when the tunnel carries requests.</summary>
    public Task Up => _up.Task;

    /// <summary>Completes when this opening is over: with a refusal when the relay ended it, with null when it was lost. May fail as dialling does.</summary>
    public Task<TunnelRefusal?> Ended { get; }

    /// <summary>Completes when the relay asks to go elsewhere.</summary>
    public Task<DrainNotice> Draining => _control.Draining;

    /// <exception cref="TunnelRefusedException">The relay refused, and said why.</exception>
    /// <inheritdoc cref="WebSocketDialer.DialAsync" path="/exception"/>
    public static async Task<TunnelOpening> OpenAsync(
        Uri relay,
        TunnelSettings settings,
        DataPlane dataPlane,
        Disturbances disturbances,
        Action<OpenedTunnel> onUp,
        Action onUnused,
        Action<string> onNotice,
        CancellationToken cancellationToken
    )
    {
        var control = await ControlConnection.OpenAsync(relay, settings.Credential, settings.Trust, onNotice, cancellationToken);
        try
        {
            var tunnel = await control.OpenTunnelAsync(settings.Request, cancellationToken);
            return new TunnelOpening(control, tunnel, relay, dataPlane, disturbances, () => onUp(tunnel), onUnused);
        }
        catch
        {
            await control.DisposeAsync();
            throw;
        }
    }

    /// <summary>Says goodbye: the relay sends nothing new, and lets what is under way finish.</summary>
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
