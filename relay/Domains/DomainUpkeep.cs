using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Domains.Dns;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Domains;

/// <summary>Looks proofs up when they are due or somebody asks for it, and keeps what requests see as the store has it.</summary>
internal sealed partial class DomainUpkeep(
    IDomainStore store,
    DomainRoutes routes,
    TxtResolver resolver,
    RelayOptions options,
    TimeProvider time,
    ILogger<DomainUpkeep> logger
) : BackgroundService
{
    /// <summary>How soon what changed on another relay counts here.</summary>
    public static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan s_expireEvery = TimeSpan.FromMinutes(1);

    /// <summary>As many as the resolver asks for at once.</summary>
    private const int BatchSize = 16;

    // One look at the store at a time, so that an older one does not replace a newer one.
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>Looks at DNS once, for all who claim the domain.</summary>
    /// <exception cref="DnsUnavailableException">DNS cannot be asked; nothing has changed.</exception>
    /// <exception cref="NameStoreUnavailableException">The store cannot be reached.</exception>
    public async Task CheckAsync(string domain, CancellationToken cancellationToken)
    {
        var found = await resolver.FindAsync($"{DomainName.ProofLabel}.{domain}", cancellationToken);
        await store.JudgeAsync(domain, found, options.Domains.Pace, cancellationToken);
        await ReadAsync(cancellationToken);
    }

    public async Task ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            routes.Replace(await store.ReadActiveAsync(routes.Known, cancellationToken));
        }
        finally
        {
            _reading.Release();
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(
            RepeatAsync(ReadAsync, ReadEvery, stoppingToken),
            RepeatAsync(CheckDueAsync, ReadEvery, stoppingToken),
            RepeatAsync(ExpireAsync, s_expireEvery, stoppingToken)
        );

    private async Task CheckDueAsync(CancellationToken stopping)
    {
        while (await store.TakeDueAsync(BatchSize, stopping) is { Count: > 0 } due)
        {
            await Task.WhenAll(due.Select(domain => TryCheckAsync(domain, stopping)));
        }
    }

    private async Task TryCheckAsync(string domain, CancellationToken stopping)
    {
        try
        {
            await CheckAsync(domain, stopping);
        }
        catch (DnsUnavailableException unavailable)
        {
            // It is due again in a minute, and nobody loses a domain because this relay's resolver is away.
            Log.CannotAsk(logger, domain, unavailable.Message);
        }
    }

    private async Task ExpireAsync(CancellationToken stopping)
    {
        while (await store.ExpireAsync(BatchSize, stopping) > 0) { }
    }

    private Task RepeatAsync(Func<CancellationToken, Task> work, TimeSpan every, CancellationToken stopping)
    {
        var isAway = false;
        return Rounds.RepeatAsync(WorkAsync, every, Tell, time, stopping);

        async Task WorkAsync(CancellationToken cancellationToken)
        {
            await work(cancellationToken);
            isAway = false;
        }

        void Tell(Exception failure)
        {
            if (failure is not NameStoreUnavailableException unavailable)
            {
                Log.Stumbled(logger, failure);
            }
            else if (!isAway)
            {
                // What is known goes on. Once is enough to say it.
                isAway = true;
                Log.StoreUnavailable(logger, unavailable.InnerException?.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1106, LogLevel.Warning, "cannot look up the proof of {Domain}: {Reason}", EventName = "ProofNotLookedUp")]
        public static partial void CannotAsk(ILogger logger, string domain, string reason);

        [LoggerMessage(1107, LogLevel.Warning, "store unavailable for domains: {Reason}", EventName = "DomainUpkeepFailed")]
        public static partial void StoreUnavailable(ILogger logger, string? reason);

        [LoggerMessage(1112, LogLevel.Error, "looking after domains failed and goes on", EventName = "DomainUpkeepStumbled")]
        public static partial void Stumbled(ILogger logger, Exception cause);
    }
}
