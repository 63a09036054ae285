using Microsoft.Extensions.Logging.Abstractions;
using Tunnel.Relay.Cluster;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Tests.State;
using Tunnel.Relay.Tls.Orders;
using Xunit;

namespace Tunnel.Relay.Tests.Tls.Orders;

[Trait("needs", "redis")]
public sealed class SharedTurnsTests(RedisServer redis) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private static readonly CertificateSubject s_subject = new("mcp.example.com", IsWildcard: false);

    private readonly RedisStores _stores = new(redis);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _stores.SettleAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task OneOrders_AndTheOthersGetTheResult()
    {
        var one = Open(1);
        var two = Open(2);
        var (turn, _) = await one.TryBeginAsync(s_subject, Token);

        Assert.NotNull(turn);
        Assert.Null((await two.TryBeginAsync(s_subject, Token)).Turn);
        Assert.NotNull((await two.TryBeginAsync(s_subject with { IsWildcard = true }, Token)).Turn);
        Assert.Equal("http://10.0.0.1:5101", await two.FindOrdererAsync(s_subject.Domain, Token));
        Assert.Null(await one.FindOrdererAsync(s_subject.Domain, Token));
        await turn.CompleteAsync("key and certificate", Now.AddDays(90));

        Assert.Equal("key and certificate", await ReadAsync(two));
        Assert.Null(await two.FindOrdererAsync(s_subject.Domain, Token));
        Assert.NotNull((await two.TryBeginAsync(s_subject, Token)).Turn);
    }

    [Fact]
    public async Task NothingInRedis_CanBeReadWithoutTheKey()
    {
        var turns = Open(1);
        await using (var turn = (await turns.TryBeginAsync(s_subject, Token)).Turn!)
        {
            await turn.CompleteAsync("PRIVATE KEY", Now.AddDays(90));
        }

        await turns.OfferAccountAsync("PRIVATE ACCOUNT", Token);
        var database = redis.Database(_stores.Database);
        Assert.Equal(2, ((string[])await database.ExecuteAsync("KEYS", "mcpr:*c*e*:*")).Length);
        foreach (var key in (string[])await database.ExecuteAsync("KEYS", "mcpr:*c*e*:*"))
        {
            Assert.DoesNotContain("PRIVATE", (string)await database.StringGetAsync(key), StringComparison.Ordinal);
        }

        Assert.Null(await ReadAsync(Open(2, "some other cluster's key")));
    }

    [Fact]
    public async Task FailedOrder_PausesAllAndIsCounted()
    {
        var one = Open(1);
        var (turn, _) = await one.TryBeginAsync(s_subject, Token);
        await turn!.FailAsync(TimeSpan.FromMinutes(5));

        var (none, wait) = await Open(2).TryBeginAsync(s_subject, Token);
        Assert.Null(none);
        Assert.InRange(wait, TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));

        await redis.Database(_stores.Database).ExecuteAsync("DEL", $"mcpr:pause:{Authority} {s_subject}");
        Assert.Equal(1, (await Open(2).TryBeginAsync(s_subject, Token)).Turn?.Failures);
    }

    [Fact]
    public async Task MoreOrdersForOwnersThanTheAuthorityLikes_WaitTogether()
    {
        var one = Open(1);
        for (var order = 0; order < OrderPace.Max; order++)
        {
            var subject = new CertificateSubject($"n{order}.example.com", IsWildcard: false);
            await using var turn = (await one.TryBeginAsync(subject, Token)).Turn;
            Assert.NotNull(turn);
        }

        var (none, wait) = await Open(2).TryBeginAsync(s_subject, Token);
        Assert.Null(none);
        Assert.InRange(wait, OrderPace.Period - TimeSpan.FromMinutes(5), OrderPace.Period);
        await using var own = (await Open(2).TryBeginAsync(s_subject with { IsWildcard = true }, Token)).Turn;
        Assert.NotNull(own);
    }

    [Fact]
    public async Task TurnThatIsGivenBack_IsSomebodyElses()
    {
        var (turn, _) = await Open(1).TryBeginAsync(s_subject, Token);
        await turn!.DisposeAsync();

        Assert.NotNull((await Open(2).TryBeginAsync(s_subject, Token)).Turn);
    }

    [Fact]
    public async Task HolderThatIsLate_ChangesNothing()
    {
        var (late, _) = await Open(1).TryBeginAsync(s_subject, Token);
        // What the passing of its lease does.
        await redis.Database(_stores.Database).ExecuteAsync("DEL", $"mcpr:turn:{Authority} {s_subject}");
        var (turn, _) = await Open(2).TryBeginAsync(s_subject, Token);

        await late!.CompleteAsync("late", Now.AddDays(90));
        await late.FailAsync(TimeSpan.FromMinutes(5));
        await late.DisposeAsync();

        Assert.Null(await ReadAsync(Open(3)));
        Assert.Null((await Open(3).TryBeginAsync(s_subject, Token)).Turn);
        await turn!.CompleteAsync("in time", Now.AddDays(90));
        Assert.Equal("in time", await ReadAsync(Open(3)));
    }

    [Fact]
    public async Task CertificatesThatDoNotChange_AreNotReadAgain()
    {
        const int Certificates = 50;
        var one = Open(1);
        for (var number = 0; number < Certificates; number++)
        {
            await OrderAsync(one, SubjectOf(number), "first");
        }

        var two = Open(2);
        var known = new long[Certificates];
        var first = await LookAsync(two, known);
        var atRest = new List<long>();
        for (var minute = 0; minute < 10; minute++)
        {
            _stores.Time.Advance(TimeSpan.FromMinutes(1));
            atRest.Add((await LookAsync(two, known)).Scripts);
        }

        _stores.Time.Advance(TimeSpan.FromMinutes(1));
        await OrderAsync(one, SubjectOf(7), "renewed");
        var afterwards = await LookAsync(two, known);

        Assert.Equal((Certificates, Certificates + 1), (first.Found.Count, first.Scripts));
        Assert.All(atRest, scripts => Assert.Equal(1, scripts));
        Assert.Equal("renewed", Assert.Single(afterwards.Found));
        Assert.Equal(2, afterwards.Scripts);
    }

    [Fact]
    public async Task RedisThatLostEverything_TellsWhatIsOrderedThen()
    {
        var one = Open(1);
        await OrderAsync(one, s_subject, "first");
        var two = Open(2);
        var before = await two.ReadNewAsync(s_subject, 0, Token);

        await redis.Database(_stores.Database).ExecuteAsync("FLUSHDB");
        await _stores.SettleAsync();
        _stores.Time.Advance(TimeSpan.FromMinutes(1));
        var lost = await two.ReadNewAsync(s_subject, before!.Revision, Token);
        await OrderAsync(one, s_subject, "second");
        _stores.Time.Advance(TimeSpan.FromMinutes(1));
        var after = await two.ReadNewAsync(s_subject, before.Revision, Token);

        Assert.Equal(("first", null, "second"), (before.Pem, lost, after?.Pem));
    }

    [Fact]
    public async Task FirstAccount_IsEverybodys()
    {
        var turns = Open(1);

        Assert.Null(await turns.ReadAccountAsync(Token));
        await turns.OfferAccountAsync("first", Token);
        await Open(2).OfferAccountAsync("second", Token);

        Assert.Equal("first", await Open(2).ReadAccountAsync(Token));
    }

    private static CertificateSubject SubjectOf(int number) => new($"n{number}.example.com", IsWildcard: false);

    private static async Task<string?> ReadAsync(SharedTurns turns) => (await turns.ReadNewAsync(s_subject, 0, Token))?.Pem;

    private async Task OrderAsync(SharedTurns turns, CertificateSubject subject, string pem)
    {
        await using var turn = (await turns.TryBeginAsync(subject, Token)).Turn!;
        await turn.CompleteAsync(pem, Now.AddDays(90));
    }

    /// <returns>What is new, and how many scripts Redis ran for that.</returns>
    private async Task<(List<string> Found, long Scripts)> LookAsync(SharedTurns turns, long[] known)
    {
        List<string> found = [];
        var before = await redis.CountScriptsAsync();
        for (var number = 0; number < known.Length; number++)
        {
            if (await turns.ReadNewAsync(SubjectOf(number), known[number], Token) is { } news)
            {
                known[number] = news.Revision;
                found.Add(news.Pem);
            }
        }

        return (found, await redis.CountScriptsAsync() - before);
    }

    private DateTimeOffset Now => _stores.Time.GetUtcNow();

    private static string Authority => new RelayOptions().Tls.Acme.Server.Authority;

    private SharedTurns Open(int node, string key = "the cluster's key")
    {
        var options = new RelayOptions
        {
            NodeAddress = new Uri($"http://10.0.0.{node}:5101"),
            ClusterSecret = System.Text.Encoding.UTF8.GetBytes(key),
        };
        return new SharedTurns(_stores.Connect(), new ClusterSeal(options), options, _stores.Time, NullLogger<SharedTurns>.Instance);
    }
}
