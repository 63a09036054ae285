using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>
/// Keeps one tunnel open: opens it again when it is lost, at a second relay where there are several, and elsewhere before it leaves a relay that
/// is about to stop.
/// </summary>
internal sealed class TunnelClient(
    TunnelSettings settings,
    DataPlane dataPlane,
    Disturbances disturbances,
    ITunnelObserver observer,
    TimeProvider time
) : IDisposable
{
    /// <summary>Connectors that hear of the same relay at once do not go there at once: one relay has their tunnels already.</summary>
    private static readonly TimeSpan s_companionWithin = TimeSpan.FromSeconds(2);

    private readonly Backoff _backoff = new(Random.Shared.NextDouble);
    private readonly Backoff _companionBackoff = new(Random.Shared.NextDouble);

    private readonly TunnelOpenings _openings = new();
    private TunnelAttempt? _attempt;
    private TunnelLack _lack;
    private int _tries;
    private TaskCompletionSource _news = NewSignal();

    // Where else the tunnel was when it was lost.
    private IReadOnlyList<Uri> _known = [];

    // Null before the first attempt.
    private string? _reason;
    private volatile bool _isUp;
    private string? _lastNotice;

    /// <summary>Runs until the token is cancelled.</summary>
    /// <returns>The refusal that ended it for good, or null when it was told to stop.</returns>
    public async Task<TunnelRefusal?> RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                stopping.ThrowIfCancellationRequested();
                var news = Volatile.Read(ref _news).Task;
                if (await StepAsync() is { } refusal)
                {
                    return refusal;
                }

                await Task.WhenAny(news, _attempt?.Opening ?? news).WaitAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            if (_attempt is not null)
            {
                await _attempt.AbandonAsync();
            }

            await _openings.LeaveAllAsync();
        }
    }

    public void Dispose() => _attempt?.Dispose();

    /// <summary>Looks at what has changed, and does what it calls for.</summary>
    /// <returns>The refusal that ends it for good.</returns>
    private async Task<TunnelRefusal?> StepAsync()
    {
        // 1. What was opened, or why it was not.
        if (_attempt is { Opening.IsCompleted: true } && await TakeAttemptAsync() is { } refused)
        {
            return refused;
        }

        // 2. What has ended.
        while (_openings.TakeEnded() is { } opening)
        {
            if (await LetGoAsync(opening) is { } ended)
            {
                return ended;
            }
        }

        Tell();

        // 3. A relay that is about to stop is left as soon as another carries requests.
        await _openings.LeaveStoppingAsync();

        // 4. What is lacking.
        var plan = TunnelPlan.Of(_openings.States, [.. settings.Relays, .. _known.Except(settings.Relays)]);
        if (plan is null || (_attempt is { } attempt && plan.IsServedBy(attempt.Plan, attempt.IsDialling)))
        {
            return null;
        }

        if (_attempt is { } other)
        {
            // Nothing is known of relays that were not named before.
            _attempt = null;
            _companionBackoff.Reset();
            await other.AbandonAsync();
        }

        Begin(plan);
        return null;
    }

    private void Begin(TunnelPlan plan)
    {
        var delay = TimeSpan.Zero;
        if (plan.Lack == TunnelLack.Companion)
        {
            delay = (s_companionWithin * Random.Shared.NextDouble()) + _companionBackoff.Next();
        }
        else if (_reason is not null || plan.Lack == TunnelLack.Replacement)
        {
            delay = _backoff.Next();
            observer.Retrying(_reason ?? "the relay is about to stop", delay);
        }

        _tries = plan.Lack == _lack ? _tries : 0;
        _lack = plan.Lack;
        var relay = plan.Relays[_tries++ % plan.Relays.Count];
        _attempt = new TunnelAttempt(plan, delay, disturbances.Next, abandoned => OpenAsync(relay, plan.Continues, abandoned), time);
    }

    private async Task<TunnelOpening> OpenAsync(Uri relay, OpenedTunnel? continues, CancellationToken abandoned)
    {
        var request = continues is null
            ? settings.Request
            : settings.Request with
            {
                Name = continues.Name,
                Continues = continues.Generation,
            };
        var events = new OpeningEvents(SignalNews, OnUnused, OnNotice);
        var opening = await TunnelOpening.OpenAsync(relay, settings, request, dataPlane, disturbances, events, abandoned);
        return continues is null ? opening : await opening.WhenUpAsync(time, abandoned);
    }

    /// <returns>The refusal that ends it for good.</returns>
    private async Task<TunnelRefusal?> TakeAttemptAsync()
    {
        using var attempt = _attempt!;
        _attempt = null;
        if (attempt.HasHurried)
        {
            // What failed before says nothing about the network as it is now.
            _backoff.Reset();
            _companionBackoff.Reset();
        }

        try
        {
            var opening = await attempt.Opening;
            _openings.Add(opening);
            _tries = 0;
            if (!opening.State.IsUp)
            {
                return null;
            }

            if (attempt.Plan.Lack == TunnelLack.Companion)
            {
                _companionBackoff.Reset();
            }
            else if (_isUp)
            {
                // The person heard that the relay is about to stop.
                TellUp(opening.State);
            }

            return null;
        }
        catch (TunnelRefusedException refused)
        {
            // An opening that cannot go on elsewhere goes on where it is, or ends there and with a reason.
            if (refused.Refusal.Fatal && attempt.Plan.Continues is null)
            {
                return refused.Refusal;
            }

            Note(attempt.Plan, $"{refused.Refusal.Message} [{refused.Refusal.Code}]");
        }
        catch (Exception lost) when (TunnelLoss.Is(lost))
        {
            Note(attempt.Plan, TunnelLoss.Describe(lost));
        }

        return null;
    }

    private void Note(TunnelPlan plan, string reason)
    {
        if (plan.Lack != TunnelLack.Companion)
        {
            _reason = reason;
        }
    }

    /// <returns>The refusal that ends it for good.</returns>
    private async Task<TunnelRefusal?> LetGoAsync(TunnelOpening opening)
    {
        _known = opening.State.Elsewhere;
        await opening.DisposeAsync();
        try
        {
            var refusal = await opening.Ended;
            NoteEnd(refusal?.Message ?? TunnelLoss.OfTheRelay);
            return refusal is { Fatal: true } ? refusal : null;
        }
        catch (TunnelRefusedException refused)
        {
            // What one relay wants of data connections is no reason to leave another.
            NoteEnd(refused.Message);
            return refused.Refusal.Fatal && _openings.IsEmpty ? refused.Refusal : null;
        }
        catch (Exception lost) when (TunnelLoss.Is(lost))
        {
            NoteEnd(TunnelLoss.OfTheRelay);
            return null;
        }
    }

    private void NoteEnd(string reason)
    {
        if (_openings.IsEmpty)
        {
            _reason = reason;
        }
    }

    /// <summary>Says when the first opening carries requests, and when the last one is gone.</summary>
    private void Tell()
    {
        var up = _openings.Up;
        if (up is not null && !_isUp)
        {
            TellUp(up.State);
        }
        else if (up is null && _isUp)
        {
            _backoff.Reset();
            observer.Lost();
        }

        _isUp = up is not null;
    }

    private void TellUp(OpeningState opening)
    {
        _reason = null;
        _backoff.Reset();
        observer.Up(opening.Tunnel, opening.Relay);
    }

    private void OnUnused()
    {
        if (!_isUp)
        {
            observer.Unused();
        }
    }

    private void OnNotice(string text)
    {
        // Both relays say it.
        if (Interlocked.Exchange(ref _lastNotice, text) != text)
        {
            observer.Noticed(text);
        }
    }

    private void SignalNews() => Interlocked.Exchange(ref _news, NewSignal()).TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
