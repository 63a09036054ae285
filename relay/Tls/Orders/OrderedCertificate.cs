using System.Globalization;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Tls;

namespace Tunnel.Relay.Tls.Orders;

/// <summary>
/// Keeps one certificate in use that an ACME authority has issued, to this relay or to one that shares its Redis. Whatever fails, what there
/// is goes on being served, also past its end: visitors who are warned are better off than visitors who get nothing.
/// </summary>
internal sealed partial class OrderedCertificate
{
    /// <summary>Looks at the clock, and at what others have ordered, this often at least.</summary>
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(1);

    /// <summary>How soon to look for what this relay cannot order itself.</summary>
    private static readonly TimeSpan s_waitForOthers = TimeSpan.FromSeconds(5);

    private readonly CertificateSubject _subject;
    private readonly LegoClient _lego;
    private readonly IOrderTurns _turns;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IssuedCertificate _stored;
    private readonly RenewalSchedule _schedule = new(Random.Shared.NextDouble);
    private volatile ServedCertificate? _current;
    private DateTimeOffset _dueAt;
    private long _knownRevision;
    private int _stumbles;

    public OrderedCertificate(CertificateSubject subject, LegoClient lego, IOrderTurns turns, TimeProvider time, ILogger logger)
    {
        _subject = subject;
        _lego = lego;
        _turns = turns;
        _time = time;
        _logger = logger;
        _stored = new IssuedCertificate(lego.FileOf(subject), subject);
        _dueAt = time.GetUtcNow();
        if (_stored.Load() is { } stored)
        {
            Use(stored);
        }
    }

    public ServedCertificate? Current => _current;

    /// <summary>Whether the last order failed.</summary>
    public bool IsFailing { get; private set; }

    /// <summary>Runs until it is cancelled.</summary>
    public async Task KeepAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                await Task.Delay(await TryGoOnAsync(stopping), _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping, or it is not wanted any longer.
        }
    }

    /// <returns>How long to sleep.</returns>
    private async Task<TimeSpan> TryGoOnAsync(CancellationToken stopping)
    {
        try
        {
            var wait = await GoOnAsync(stopping);
            _stumbles = 0;
            return wait < s_longestSleep ? wait : s_longestSleep;
        }
        catch (Exception unforeseen) when (!stopping.IsCancellationRequested)
        {
            // Nobody else looks after this certificate until the relay is started again. An order may have been made, so authorities count it.
            var pause = _schedule.RetryAfter(++_stumbles);
            Log.Stumbled(_logger, unforeseen, _subject, pause);
            return pause;
        }
    }

    /// <returns>How long there is nothing to do.</returns>
    private async Task<TimeSpan> GoOnAsync(CancellationToken stopping)
    {
        // 1. What others have ordered is as good.
        if (await _turns.ReadNewAsync(_subject, _knownRevision, stopping) is { } news)
        {
            _knownRevision = news.Revision;
            TakeOver(news.Pem);
        }

        if (_dueAt - _time.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            return left;
        }

        if (_turns.AreShared && !_lego.IsInstalled)
        {
            return s_waitForOthers;
        }

        // 2. One orders, the others wait for that.
        var (turn, wait) = await _turns.TryBeginAsync(_subject, stopping);
        if (turn is null)
        {
            return wait;
        }

        await using (turn)
        {
            // 3. The turn before may have ended with a result a moment ago.
            TakeOver(await turn.ReadAsync(stopping));
            if (_dueAt <= _time.GetUtcNow())
            {
                await OrderAsync(turn, stopping);
            }
        }

        return TimeSpan.Zero;
    }

    private void TakeOver(string? pem)
    {
        if (
            pem is not null
            && IssuedCertificate.TryParse(pem, _subject) is { } shared
            && (_current is null || shared.Certificate.NotAfter > _current.Certificate.NotAfter)
        )
        {
            Use(shared);
            TryKeep(pem);
            Log.TakenOver(_logger, _subject, shared.Certificate.NotAfter.ToUniversalTime());
        }
    }

    private async Task OrderAsync(IOrderTurn turn, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping, turn.Lost);
        try
        {
            Log.Ordering(_logger, _subject, _lego.Server);
            var pem = await _lego.OrderAsync(_subject, limit.Token);
            var issued =
                IssuedCertificate.TryParse(pem, _subject) ?? throw new IssuanceException($"what was issued is not good for {_subject}");
            Use(issued);
            TryKeep(pem);
            await turn.CompleteAsync(pem, new DateTimeOffset(issued.Certificate.NotAfter.ToUniversalTime()));
            Log.Issued(_logger, _subject, issued.Certificate.NotAfter.ToUniversalTime());
        }
        catch (IssuanceException failed)
        {
            var pause = _schedule.RetryAfter(turn.Failures + 1);
            IsFailing = true;
            await turn.FailAsync(pause);
            Log.Failed(_logger, _subject, failed.Message, pause, InUse());
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            Log.TurnLost(_logger, _subject);
        }
    }

    /// <summary>What cannot be kept is served all the same, until the relay stops.</summary>
    private void TryKeep(string pem)
    {
        try
        {
            _stored.Save(pem);
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            Log.NotKept(_logger, _subject, unwritable.Message);
        }
    }

    private void Use(ServedCertificate certificate)
    {
        _current = certificate;
        _dueAt = _schedule.DueAt(certificate.Certificate);
        IsFailing = false;
    }

    private string InUse() =>
        _current is { } served
            ? string.Create(CultureInfo.InvariantCulture, $"the one in use is good until {served.Certificate.NotAfter.ToUniversalTime():u}")
            : "there is none yet";

    private static partial class Log
    {
        [LoggerMessage(1304, LogLevel.Information, "ordering a certificate for {Subject} from {Server}", EventName = "CertificateOrdered")]
        public static partial void Ordering(ILogger logger, CertificateSubject subject, Uri server);

        [LoggerMessage(
            1305,
            LogLevel.Information,
            "certificate for {Subject} issued, good until {NotAfter:u}",
            EventName = "CertificateIssued"
        )]
        public static partial void Issued(ILogger logger, CertificateSubject subject, DateTime notAfter);

        [LoggerMessage(
            1306,
            LogLevel.Error,
            "no new certificate for {Subject}: {Reason}; next try in {Wait}, {InUse}",
            EventName = "CertificateFailed"
        )]
        public static partial void Failed(ILogger logger, CertificateSubject subject, string reason, TimeSpan wait, string inUse);

        [LoggerMessage(
            1308,
            LogLevel.Information,
            "certificate for {Subject} came from another relay, good until {NotAfter:u}",
            EventName = "CertificateTakenOver"
        )]
        public static partial void TakenOver(ILogger logger, CertificateSubject subject, DateTime notAfter);

        [LoggerMessage(
            1314,
            LogLevel.Error,
            "certificate for {Subject} cannot be kept for the next start: {Reason}",
            EventName = "CertificateNotKept"
        )]
        public static partial void NotKept(ILogger logger, CertificateSubject subject, string reason);

        [LoggerMessage(
            1309,
            LogLevel.Warning,
            "stopped ordering a certificate for {Subject}: Redis was away for so long that another relay may do it",
            EventName = "CertificateTurnLost"
        )]
        public static partial void TurnLost(ILogger logger, CertificateSubject subject);

        [LoggerMessage(
            1315,
            LogLevel.Error,
            "looking after the certificate for {Subject} failed and goes on in {Wait}",
            EventName = "CertificateStumbled"
        )]
        public static partial void Stumbled(ILogger logger, Exception cause, CertificateSubject subject, TimeSpan wait);
    }
}
