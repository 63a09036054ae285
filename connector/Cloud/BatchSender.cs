using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Cloud;

/// <summary>Sends what waits, the oldest first, until the relay has it or never will.</summary>
internal sealed class BatchSender(Spill spill, IngestClient client, Losses losses, CloudNews news, Func<double> random, TimeProvider time)
{
    /// <summary>How often is looked for what runs have left that have ended meanwhile.</summary>
    private static readonly TimeSpan s_takeOverEvery = TimeSpan.FromMinutes(1);

    private readonly SendPauses _pauses = new(random);
    private int _maxLines = IngestProtocol.MaxLines;
    private long _sent;
    private long _retries;

    /// <summary>Events that the relay has taken since the start.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>How often a batch had to wait for another try.</summary>
    public long Retries => Interlocked.Read(ref _retries);

    /// <param name="stopping">Nothing more will be appended: send what there is without waiting for anything.</param>
    /// <param name="late">The time for that is over.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken late)
    {
        var lookedAt = (long?)null;
        while (!late.IsCancellationRequested)
        {
            if (lookedAt is not { } last || time.GetElapsedTime(last) >= s_takeOverEvery)
            {
                lookedAt = time.GetTimestamp();
                spill.TakeOver();
            }

            if (spill.Peek(_maxLines) is not { } parcel)
            {
                if (stopping.IsCancellationRequested)
                {
                    return;
                }

                await spill.WaitAsync(s_takeOverEvery, stopping);
            }
            else if (await TrySendAsync(parcel.Batch, stopping, late))
            {
                spill.TakeOut(parcel);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Sends a batch, in parts where the relay wants it so.</summary>
    /// <returns>False where there is no time to wait for the relay.</returns>
    private async Task<bool> TrySendAsync(EventBatch batch, CancellationToken stopping, CancellationToken late)
    {
        // Bounded: a part is a line at least.
        var parts = new Stack<EventBatch>([batch]);
        while (parts.TryPeek(out var part))
        {
            var answer = await client.SendAsync(part.Coded, late);
            if (answer.Verdict is IngestVerdict.Later or IngestVerdict.Refused)
            {
                if (!late.IsCancellationRequested)
                {
                    news.Fails(answer.Reason);
                }

                if (stopping.IsCancellationRequested)
                {
                    return false;
                }

                Interlocked.Increment(ref _retries);
                await Task.Delay(_pauses.Next(answer), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            parts.Pop();
            _pauses.Reset();
            news.Works();
            if (answer.Verdict == IngestVerdict.Taken)
            {
                Interlocked.Add(ref _sent, part.Figures.Events);
            }
            else if (answer.Verdict == IngestVerdict.TooLarge && part.Halve() is { } halves)
            {
                parts.Push(halves.Second);
                parts.Push(halves.First);
                _maxLines = Math.Max(1, part.Figures.Lines / 2);
            }
            else
            {
                losses.Add(part.Figures);
                news.Lost(part.Figures.Events, answer.Reason);
            }
        }

        return true;
    }
}
