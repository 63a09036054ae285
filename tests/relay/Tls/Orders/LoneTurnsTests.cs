using Tunnel.Relay.Tls.Orders;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Tls.Orders;

public sealed class LoneTurnsTests
{
    private readonly ManualTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task FailedOrder_PausesThatOneAlone()
    {
        var turns = new LoneTurns(_time);
        var (turn, _) = await turns.TryBeginAsync(Domain(1), Token);
        await turn!.FailAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(TimeSpan.FromMinutes(5), await WaitOfAsync(turns, Domain(1)));
        Assert.NotNull((await turns.TryBeginAsync(Domain(2), Token)).Turn);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(1, (await turns.TryBeginAsync(Domain(1), Token)).Turn?.Failures);
    }

    [Fact]
    public async Task MoreOrdersForOwnersThanTheAuthorityLikes_Wait()
    {
        var turns = new LoneTurns(_time);
        for (var order = 0; order < OrderPace.Max; order++)
        {
            Assert.NotNull((await turns.TryBeginAsync(Domain(order), Token)).Turn);
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(OrderPace.Period - TimeSpan.FromHours(1), await WaitOfAsync(turns, Domain(OrderPace.Max)));
        Assert.NotNull((await turns.TryBeginAsync(new CertificateSubject("tunnel.example.com", IsWildcard: true), Token)).Turn);

        _time.Advance(OrderPace.Period - TimeSpan.FromHours(1));
        Assert.NotNull((await turns.TryBeginAsync(Domain(OrderPace.Max), Token)).Turn);
    }

    private static async Task<TimeSpan> WaitOfAsync(LoneTurns turns, CertificateSubject subject)
    {
        var (turn, wait) = await turns.TryBeginAsync(subject, Token);
        Assert.Null(turn);
        return wait;
    }

    private static CertificateSubject Domain(int number) => new($"n{number}.example.com", IsWildcard: false);
}
