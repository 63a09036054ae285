using System.Collections.Concurrent;

namespace Tunnel.Relay.Tls.Orders;

/// <summary>One relay by itself: it is always its turn, but for a pause after a failure.</summary>
internal sealed class LoneTurns(TimeProvider time) : IOrderTurns
{
    // Bounded by the subjects that fail: an order that works takes its entry away.
    private readonly ConcurrentDictionary<CertificateSubject, (int Failures, DateTimeOffset PauseUntil)> _failures = new();

    private readonly Lock _counting = new();
    private int _begunCount;
    private DateTimeOffset _begunUntil;

    public bool AreShared => false;

    public ValueTask<SharedCertificate?> ReadNewAsync(CertificateSubject subject, long known, CancellationToken cancellationToken) =>
        default;

    public ValueTask<(IOrderTurn? Turn, TimeSpan Wait)> TryBeginAsync(CertificateSubject subject, CancellationToken cancellationToken)
    {
        var (failures, pauseUntil) = _failures.GetValueOrDefault(subject);
        var left = pauseUntil - Now();
        var wait = left > TimeSpan.Zero ? left : CountBegun(subject);
        return ValueTask.FromResult<(IOrderTurn?, TimeSpan)>(
            wait > TimeSpan.Zero ? (null, wait) : (new Turn(this, subject, failures), TimeSpan.Zero)
        );
    }

    public ValueTask<string?> FindOrdererAsync(string domain, CancellationToken cancellationToken) => default;

    public ValueTask<string?> ReadAccountAsync(CancellationToken cancellationToken) => default;

    public ValueTask OfferAccountAsync(string account, CancellationToken cancellationToken) => default;

    /// <returns>How long to wait because too many have begun; zero where this one may.</returns>
    private TimeSpan CountBegun(CertificateSubject subject)
    {
        if (subject.IsWildcard)
        {
            return TimeSpan.Zero;
        }

        lock (_counting)
        {
            var now = Now();
            if (now >= _begunUntil)
            {
                (_begunCount, _begunUntil) = (0, now + OrderPace.Period);
            }

            return _begunCount++ < OrderPace.Max ? TimeSpan.Zero : _begunUntil - now;
        }
    }

    private DateTimeOffset Now() => time.GetUtcNow();

    private sealed class Turn(LoneTurns turns, CertificateSubject subject, int failures) : IOrderTurn
    {
        public int Failures => failures;

        public CancellationToken Lost => CancellationToken.None;

        public ValueTask<string?> ReadAsync(CancellationToken cancellationToken) => default;

        public Task CompleteAsync(string pem, DateTimeOffset notAfter)
        {
            turns._failures.TryRemove(subject, out _);
            return Task.CompletedTask;
        }

        public Task FailAsync(TimeSpan pause)
        {
            turns._failures[subject] = (failures + 1, turns.Now() + pause);
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
