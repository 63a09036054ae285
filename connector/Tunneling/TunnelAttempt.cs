namespace Tunnel.Connector.Tunneling;

/// <summary>One attempt to open what a plan says, after a delay.</summary>
internal sealed class TunnelAttempt : IDisposable
{
    private readonly CancellationTokenSource _abandoned = new();
    private volatile bool _isDialling;

    /// <param name="plan">What it is for.</param>
    /// <param name="delay">How long to wait before.</param>
    /// <param name="disturbed">Ends that wait: trying may be worth it now.</param>
    /// <param name="open">Dials and opens.</param>
    /// <param name="time">The clock.</param>
    public TunnelAttempt(
        TunnelPlan plan,
        TimeSpan delay,
        Task disturbed,
        Func<CancellationToken, Task<TunnelOpening>> open,
        TimeProvider time
    )
    {
        Plan = plan;
        Opening = RunAsync(delay, disturbed, open, time);
    }

    public TunnelPlan Plan { get; }

    /// <summary>Whether the delay is over.</summary>
    public bool IsDialling => _isDialling;

    /// <summary>Whether the wait before it was cut short. Known when it is over.</summary>
    public bool HasHurried { get; private set; }

    /// <summary>What was opened, for whoever takes it. Fails as dialling and opening do.</summary>
    public Task<TunnelOpening> Opening { get; }

    /// <summary>Gives it up; what was opened all the same is closed.</summary>
    public async Task AbandonAsync()
    {
        await _abandoned.CancelAsync();
        await ((Task)Opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Opening.IsCompletedSuccessfully)
        {
            await (await Opening).LeaveAsync();
        }

        Dispose();
    }

    public void Dispose() => _abandoned.Dispose();

    private async Task<TunnelOpening> RunAsync(
        TimeSpan delay,
        Task disturbed,
        Func<CancellationToken, Task<TunnelOpening>> open,
        TimeProvider time
    )
    {
        HasHurried = await Task.WhenAny(Task.Delay(delay, time, _abandoned.Token), disturbed) == disturbed;
        _abandoned.Token.ThrowIfCancellationRequested();
        _isDialling = true;
        return await open(_abandoned.Token);
    }
}
