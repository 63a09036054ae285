namespace Tunnel.Relay;

/// <summary>What is done in the background again and again. Nothing that goes wrong ends it: the relay would end too, and with it tunnels that are well.</summary>
internal static class Rounds
{
    /// <param name="round">What is done.</param>
    /// <param name="pause">From the end of a round to the next one.</param>
    /// <param name="failed">Hears why a round broke off.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends it, in the middle of a round too.</param>
    public static async Task RepeatAsync(
        Func<CancellationToken, Task> round,
        TimeSpan pause,
        Action<Exception> failed,
        TimeProvider time,
        CancellationToken stopping
    )
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await round(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                failed(failure);
            }

            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
