using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tls;
using Tunnel.Relay.Tls.Orders;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tls.Orders;

public sealed class OrderedCertificateTests : IDisposable
{
    private static readonly CertificateSubject s_subject = new("mcp.example.com", IsWildcard: false);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimits.DefaultMilliseconds)]
    public async Task WhatNobodyForesaw_IsTriedAgainLaterAndLater()
    {
        var turns = new BrokenTurns();
        using var lego = new LegoClient(new RelayOptions { DataDirectory = _folder.FullName, Domain = "tunnel.test" }, turns);
        var certificate = new OrderedCertificate(s_subject, lego, turns, _time, NullLogger.Instance);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var keeping = certificate.KeepAsync(stop.Token);

        await turns.Asked.ReadAsync(Token);
        var first = await WaitForNextAsync(turns);
        var second = await WaitForNextAsync(turns);
        await stop.CancelAsync();
        await keeping;

        Assert.InRange(first, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(7));
        Assert.InRange(second, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(13));
    }

    public void Dispose() => _folder.Dispose();

    /// <returns>How much time had to pass.</returns>
    private async Task<TimeSpan> WaitForNextAsync(BrokenTurns turns)
    {
        var from = _time.GetUtcNow();
        while (_time.PendingTimers == 0)
        {
            await Task.Yield();
        }

        // Whoever asked has set the next timer only afterwards.
        while (_time.PendingTimers > 0 && !turns.Asked.TryPeek(out _))
        {
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        await turns.Asked.ReadAsync(Token);
        return _time.GetUtcNow() - from;
    }

    private sealed class BrokenTurns : IOrderTurns
    {
        private readonly Channel<bool> _asked = Channel.CreateUnbounded<bool>();

        public ChannelReader<bool> Asked => _asked.Reader;

        public bool AreShared => false;

        public ValueTask<SharedCertificate?> ReadNewAsync(CertificateSubject subject, long known, CancellationToken cancellationToken)
        {
            _asked.Writer.TryWrite(true);
            throw new InvalidOperationException("not foreseen");
        }

        public ValueTask<(IOrderTurn? Turn, TimeSpan Wait)> TryBeginAsync(
            CertificateSubject subject,
            CancellationToken cancellationToken
        ) => throw new NotSupportedException();

        public ValueTask<string?> FindOrdererAsync(string domain, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask<string?> ReadAccountAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask OfferAccountAsync(string account, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
