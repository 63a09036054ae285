using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Cloud;

/// <summary>Sends what waits, the oldest first, until the relay has it or never will.</summary>
internal sealed class BatchSender(Spill spill, IngestClient client, Losses losses, CloudNews news, Func<double> random, TimeProvider time)
{
    /// <summary>How often is looked for what runs have left that have ended meanwhile.</summary>
    private static readonly TimeSpan s_takeOverEvery = TimeSpan.FromMinutes(1);

    private readonly SendPauses _pauses = new(random);
    private readonly StumbledLines _stumbled = new();
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
        var parts = new ParcelParts(batch);
        while (parts.Next is { } part)
        {
            var answer = await client.SendAsync(part.Coded, late);
            if (answer.Verdict is IngestVerdict.Later or IngestVerdict.Refused or IngestVerdict.Stumbled or IngestVerdict.TooSlow)
            {
                if (!await TryWaitAsync(answer, parts, stopping, late))
                {
                    return false;
                }

                continue;
            }

            _pauses.Reset();
            news.Works();
            if (answer.Verdict == IngestVerdict.Taken)
            {
                Interlocked.Add(ref _sent, part.Figures.Events);
                _stumbled.Take();
                parts.Take();
            }
            else if (answer.Verdict == IngestVerdict.Unreadable)
            {
                Lose(parts.LeaveOut(answer.BadLines), answer.Reason);
            }
            else if (parts.TryHalve())
            {
                _maxLines = Math.Max(1, part.Figures.Lines / 2);
            }
            else
            {
                parts.Remove();
                Lose(part.Figures, answer.Reason);
            }
        }

        return true;
    }

    /// <returns>False where there is no time to.</returns>
    private async Task<bool> TryWaitAsync(IngestAnswer answer, ParcelParts parts, CancellationToken stopping, CancellationToken late)
    {
        var isInHaste = answer.Verdict == IngestVerdict.Stumbled && parts.IsInHaste();
        if (!late.IsCancellationRequested && !isInHaste)
        {
            news.Fails(answer.Reason);
        }

        if (stopping.IsCancellationRequested)
        {
            return false;
        }

        if (answer.Verdict == IngestVerdict.Stumbled && parts.IsSuspect())
        {
            TakeApart(parts, answer.Reason);
        }

        if (answer.Verdict == IngestVerdict.TooSlow)
        {
            parts.TryHalve();
        }

        if (!isInHaste)
        {
            Interlocked.Increment(ref _retries);
            await Task.Delay(_pauses.Next(answer), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return true;
    }

    /// <summary>Looks for what the relay fails at, so that it keeps nothing else waiting.</summary>
    private void TakeApart(ParcelParts parts, string reason)
    {
        var part = parts.Next!;
        if (parts.TryHalve())
        {
            return;
        }

        parts.Remove();
        if (_stumbled.IsHopeless(part))
        {
            Lose(part.Figures, $"{reason}; it takes others");
        }
        else
        {
            // Behind all others: if they are taken, it was not the relay.
            spill.Append(part);
        }
    }

    private void Lose(BatchFigures figures, string reason)
    {
        losses.Add(figures);
        news.Lost(figures.Events, reason);
    }
}
