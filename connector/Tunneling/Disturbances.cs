using System.Net.NetworkInformation;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>
/// Tells when connections may be dead without a word, and when trying again may be worth it at once: this machine slept, or its network changed.
/// </summary>
internal sealed class Disturbances : IAsyncDisposable
{
    /// <summary>How often the clock is looked at.</summary>
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>A look that comes this late was slept over. A machine that is merely busy may be taken for one that slept: that costs a ping.</summary>
    private static readonly TimeSpan s_sleep = TimeSpan.FromSeconds(3);

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;
    private TaskCompletionSource _next = NewSignal();

    private Disturbances(TimeProvider time)
    {
        _time = time;
        _watching = WatchAsync(_over.Token);
    }

    /// <summary>Completes at the next disturbance. Take it before what it could disturb.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public static Disturbances Watch(TimeProvider time) => new(time);

    /// <summary>Asks after every disturbance whether somebody still answers.</summary>
    /// <param name="answers">Asks, within the limit.</param>
    /// <param name="ended">Completes when there is nobody to ask any more.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    /// <returns>True as soon as there was no answer, false when the asking has ended.</returns>
    public async Task<bool> WaitForSilenceAsync(
        Func<TimeSpan, TimeProvider, CancellationToken, Task<bool>> answers,
        Task ended,
        CancellationToken cancellationToken
    )
    {
        try
        {
            while (true)
            {
                var disturbed = Next;
                if (await Task.WhenAny(disturbed, ended).WaitAsync(cancellationToken) == ended)
                {
                    return false;
                }

                if (!await AsksAsync(answers, cancellationToken))
                {
                    return !cancellationToken.IsCancellationRequested;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    /// <summary>The limit counts from the latest disturbance: a network that comes back gives what it interrupted another chance.</summary>
    private async Task<bool> AsksAsync(Func<TimeSpan, TimeProvider, CancellationToken, Task<bool>> answers, CancellationToken over)
    {
        while (true)
        {
            var disturbed = Next;
            using var asking = CancellationTokenSource.CreateLinkedTokenSource(over);
            var answering = answers(TunnelProtocol.PingTimeout, _time, asking.Token);
            if (await Task.WhenAny(answering, disturbed) == answering)
            {
                return await answering;
            }

            await asking.CancelAsync();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(CancellationToken over)
    {
        NetworkAddressChangedEventHandler onAddress = (_, _) => Signal();
        NetworkAvailabilityChangedEventHandler onAvailability = (_, _) => Signal();
        var hears = TryListen(onAddress, onAvailability);
        try
        {
            await WatchClockAsync(over);
        }
        catch (OperationCanceledException)
        {
            // Nobody wants to know any more.
        }
        finally
        {
            if (hears)
            {
                NetworkChange.NetworkAddressChanged -= onAddress;
                NetworkChange.NetworkAvailabilityChanged -= onAvailability;
            }
        }
    }

    private async Task WatchClockAsync(CancellationToken over)
    {
        while (true)
        {
            // The clock on the wall goes on while a machine sleeps; the one that runs timers does so on some systems only.
            var (wall, timer) = (_time.GetUtcNow(), _time.GetTimestamp());
            await Task.Delay(s_interval, _time, over);
            var late = TimeSpan.FromTicks(Math.Max((_time.GetUtcNow() - wall).Ticks, _time.GetElapsedTime(timer).Ticks)) - s_interval;
            if (late >= s_sleep)
            {
                Signal();
            }
        }
    }

    /// <returns>False where the system does not tell of changes to its network; then only the clock is watched.</returns>
    private static bool TryListen(NetworkAddressChangedEventHandler onAddress, NetworkAvailabilityChangedEventHandler onAvailability)
    {
        try
        {
            NetworkChange.NetworkAddressChanged += onAddress;
            NetworkChange.NetworkAvailabilityChanged += onAvailability;
            return true;
        }
        catch (Exception unsupported) when (unsupported is NetworkInformationException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    private void Signal() => Interlocked.Exchange(ref _next, NewSignal()).TrySetResult();
}
