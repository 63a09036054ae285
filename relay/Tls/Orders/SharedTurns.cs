using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.State.Redis;

namespace Tunnel.Relay.Tls.Orders;

/// <summary>
/// Relays that share a Redis order one after the other, each certificate once. Who orders holds a lease; when it dies, another goes on.
/// Results and the account wait in Redis, closed with the cluster's key.
/// </summary>
internal sealed partial class SharedTurns(
    RedisConnection redis,
    ClusterSeal seal,
    RelayOptions options,
    TimeProvider time,
    ILogger<SharedTurns> logger
) : IOrderTurns, IDisposable
{
    /// <summary>How long a turn lasts after its holder last said so.</summary>
    public static readonly TimeSpan LeaseTime = RouteStore.LeaseTime;

    private static readonly TimeSpan s_keepEvery = LeaseTime / 3;

    /// <summary>How soon to look for what another relay is ordering.</summary>
    private static readonly TimeSpan s_busyPause = TimeSpan.FromSeconds(1);

    /// <summary>A certificate is served past its end, if there is nothing better.</summary>
    private static readonly TimeSpan s_keptPastEnd = TimeSpan.FromDays(30);

    private readonly CertificateScript _script = new(redis, time);
    private readonly CertificateNews _news = new(redis, time);
    private readonly string _node = options.NodeAddress!.GetLeftPart(UriPartial.Authority);

    // What others ordered elsewhere is not ours: another authority, or its tests.
    private readonly string _authority = options.Tls.Acme.Server.Authority;

    public bool AreShared => true;

    private string Account => $"{_authority} {options.Tls.Acme.Email}";

    public async ValueTask<SharedCertificate?> ReadNewAsync(CertificateSubject subject, long known, CancellationToken cancellationToken)
    {
        var revision = await _news.RevisionOfAsync(KeyOf(subject), cancellationToken);
        return revision != 0 && revision != known && await ReadAsync("read", KeyOf(subject), cancellationToken) is { } pem
            ? new SharedCertificate(pem, revision)
            : null;
    }

    public ValueTask<string?> ReadAccountAsync(CancellationToken cancellationToken) =>
        ReadAsync("read_account", Account, cancellationToken);

    public async ValueTask OfferAccountAsync(string account, CancellationToken cancellationToken) =>
        await _script.TryRunAsync("offer_account", [Account, seal.Close(account, $"account {Account}")], cancellationToken);

    public async ValueTask<(IOrderTurn? Turn, TimeSpan Wait)> TryBeginAsync(CertificateSubject subject, CancellationToken cancellationToken)
    {
        // The same relay started again is another.
        var holder = $"{_node} {Guid.NewGuid():N}";
        RedisValue[] pace = subject.IsWildcard ? [] : [OrderPace.Max, (long)OrderPace.Period.TotalMilliseconds];
        var begun = await _script.TryRunAsync(
            "begin",
            [KeyOf(subject), holder, (long)LeaseTime.TotalMilliseconds, .. pace],
            cancellationToken
        );
        if (begun is null)
        {
            return (null, RedisConnection.AnswerLimit);
        }

        var answer = (string[])begun;
        var number = long.Parse(answer[1], CultureInfo.InvariantCulture);
        return answer[0] switch
        {
            "Granted" => (new SharedTurn(this, subject, holder, (int)number), TimeSpan.Zero),
            "Paused" => (null, TimeSpan.FromMilliseconds(number)),
            _ => (null, s_busyPause),
        };
    }

    public async ValueTask<string?> FindOrdererAsync(string domain, CancellationToken cancellationToken)
    {
        var subject = new CertificateSubject(domain, IsWildcard: false);
        var holder = (string?)await _script.TryRunAsync("orderer", [KeyOf(subject)], cancellationToken);
        return holder is { Length: > 0 } && holder.Split(' ')[0] is var node && node != _node ? node : null;
    }

    public void Dispose() => _news.Dispose();

    private TimeProvider Time => time;

    private DateTimeOffset Now() => time.GetUtcNow();

    private string Close(string pem, string key) => seal.Close(pem, $"certificate {key}");

    private string KeyOf(CertificateSubject subject) => $"{_authority} {subject}";

    private async ValueTask<string?> ReadAsync(string operation, string key, CancellationToken cancellationToken)
    {
        if ((string?)await _script.TryRunAsync(operation, [key], cancellationToken) is not { Length: > 0 } closed)
        {
            return null;
        }

        var opened = seal.TryOpen(closed, PurposeOf(operation, key));
        if (opened is null)
        {
            Log.NotOpened(logger, key);
        }

        return opened;
    }

    private static string PurposeOf(string operation, string key) => operation == "read" ? $"certificate {key}" : $"account {key}";

    private sealed class SharedTurn : IOrderTurn
    {
        private readonly SharedTurns _turns;
        private readonly string _key;
        private readonly string _holder;
        private readonly CancellationTokenSource _lost = new();
        private readonly CancellationTokenSource _over = new();
        private readonly Task _keeping;

        public SharedTurn(SharedTurns turns, CertificateSubject subject, string holder, int failures)
        {
            _turns = turns;
            _key = turns.KeyOf(subject);
            _holder = holder;
            Failures = failures;
            _keeping = KeepAsync();
        }

        public int Failures { get; }

        public CancellationToken Lost => _lost.Token;

        public ValueTask<string?> ReadAsync(CancellationToken cancellationToken) => _turns.ReadAsync("read", _key, cancellationToken);

        public Task CompleteAsync(string pem, DateTimeOffset notAfter) =>
            EndAsync("complete", _turns.Close(pem, _key), (long)(notAfter + s_keptPastEnd - _turns.Now()).TotalMilliseconds);

        public Task FailAsync(TimeSpan pause) => EndAsync("fail", (long)pause.TotalMilliseconds);

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _keeping;
            await EndAsync("leave");
            _over.Dispose();
            _lost.Dispose();
        }

        private Task<RedisResult?> EndAsync(string operation, params RedisValue[] arguments) =>
            _turns._script.TryRunAsync(operation, [_key, _holder, .. arguments], CancellationToken.None);

        private async Task KeepAsync()
        {
            var keptAt = _turns.Now();
            while (true)
            {
                await Task.Delay(s_keepEvery, _turns.Time, _over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (_over.IsCancellationRequested)
                {
                    return;
                }

                var kept = await _turns._script.TryRunAsync(
                    "keep",
                    [_key, _holder, (long)LeaseTime.TotalMilliseconds],
                    CancellationToken.None
                );
                if (kept is not null && (bool)kept)
                {
                    keptAt = _turns.Now();
                }
                else if (kept is not null || _turns.Now() - keptAt >= LeaseTime)
                {
                    await _lost.CancelAsync();
                    return;
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            1307,
            LogLevel.Error,
            "what is in Redis for {Key} was not closed with this cluster's key; give all relays the same --cluster-key-file",
            EventName = "CertificateNotOpened"
        )]
        public static partial void NotOpened(ILogger logger, string key);
    }
}
