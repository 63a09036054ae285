using Tunnel.Relay.Configuration;
using Tunnel.Relay.Team;
using Tunnel.Relay.Team.Ingest;
using Tunnel.Tests;
using Xunit;

namespace Tunnel.Relay.Tests.Team.Ingest;

public sealed class IngestLimitsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void MemberWithItsShareUnderWay_HasToWaitAndOthersNot()
    {
        var limits = new IngestLimits(new RelayOptions(), _time);
        Assert.All(Enumerable.Range(0, IngestLimits.MaxOfMember), _ => Assert.Null(limits.Enter(Member("alice"))));

        Assert.Same(IngestProblem.TooManyAtOnce, limits.Enter(Member("alice")));
        Assert.Null(limits.Enter(Member("bob")));
        limits.Leave(Member("alice"));
        Assert.Null(limits.Enter(Member("alice")));
    }

    [Fact]
    public void AllThatMayBeUnderWay_IsBounded()
    {
        var limits = new IngestLimits(new RelayOptions(), _time);
        Assert.All(Enumerable.Range(0, IngestLimits.MaxAtOnce), number => Assert.Null(limits.Enter(Member($"m{number}"))));

        Assert.Same(IngestProblem.Busy, limits.Enter(Member("one-more")));
        limits.Leave(Member("m0"));
        Assert.Null(limits.Enter(Member("one-more")));
    }

    [Fact]
    public void Events_MayComeInHeapsAndNotForLong()
    {
        var limits = new IngestLimits(new RelayOptions { Team = { EventRate = 100 } }, _time);

        Assert.True(limits.TryTake(Member("alice"), 1_000));
        Assert.False(limits.TryTake(Member("alice"), 1));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limits.TryTake(Member("alice"), 100));
        Assert.False(limits.TryTake(Member("alice"), 1));
    }

    [Fact]
    public void BatchThatIsMoreThanTheRate_PassesAfterARest()
    {
        var limits = new IngestLimits(new RelayOptions { Team = { EventRate = 1 } }, _time);

        Assert.True(limits.TryTake(Member("alice"), 1_000));
        Assert.False(limits.TryTake(Member("alice"), 1_000));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limits.TryTake(Member("alice"), 1_000));
    }

    private static TeamMembership Member(string name) =>
        new(
            new TeamProject
            {
                Id = 1,
                Name = "acme",
                CreatedAt = DateTimeOffset.UnixEpoch,
                Keep = TeamProject.DefaultKeep,
            },
            new TeamMember("acme", name, TeamRole.Sender, DateTimeOffset.UnixEpoch)
        );
}
