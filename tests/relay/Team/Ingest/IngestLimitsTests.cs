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
    public void AllThatMayComeIn_IsBounded()
    {
        var limits = new IngestLimits(new RelayOptions(), _time);
        Assert.All(Enumerable.Range(0, IngestLimits.MaxComing), number => Assert.Null(limits.Enter(Member($"m{number}"))));

        Assert.Same(IngestProblem.Busy, limits.Enter(Member("one-more")));
        limits.Leave(Member("m0"));
        Assert.Null(limits.Enter(Member("one-more")));
    }

    [Fact]
    public void AllThatMayBeDecoded_IsBounded()
    {
        var limits = new IngestLimits(new RelayOptions(), _time);
        Assert.All(Enumerable.Range(0, IngestLimits.MaxAtOnce), _ => Assert.True(limits.TryStart()));

        Assert.False(limits.TryStart());
        limits.End();
        Assert.True(limits.TryStart());
    }

    [Fact]
    public void BatchesWithoutEvents_HaveARateToo()
    {
        var limits = new IngestLimits(new RelayOptions { Team = { EventRate = 1 } }, _time);
        for (var i = 0; i < 200; i++)
        {
            Assert.Null(limits.Enter(Member("alice")));
            limits.Leave(Member("alice"));
        }

        Assert.Same(IngestProblem.TooManyBatches, limits.Enter(Member("alice")));
        Assert.Null(limits.Enter(Member("bob")));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(limits.Enter(Member("alice")));
    }

    [Fact]
    public void LongLines_CountAsMoreThanTheyAre()
    {
        var limits = new IngestLimits(new RelayOptions { Team = { EventRate = 100 } }, _time);

        Assert.True(limits.TryTake(Member("alice"), 1, 1_000 * 1024));
        Assert.False(limits.TryTake(Member("alice"), 1, 0));
    }

    [Fact]
    public void Events_MayComeInHeapsAndNotForLong()
    {
        var limits = new IngestLimits(new RelayOptions { Team = { EventRate = 100 } }, _time);

        Assert.True(limits.TryTake(Member("alice"), 1_000, 0));
        Assert.False(limits.TryTake(Member("alice"), 1, 0));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(limits.TryTake(Member("alice"), 100, 0));
        Assert.False(limits.TryTake(Member("alice"), 1, 0));
    }

    [Fact]
    public void BatchThatIsMoreThanTheRate_PassesAfterARest()
    {
        var limits = new IngestLimits(new RelayOptions { Team = { EventRate = 1 } }, _time);

        Assert.True(limits.TryTake(Member("alice"), 1_000, 0));
        Assert.False(limits.TryTake(Member("alice"), 1_000, 0));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(limits.TryTake(Member("alice"), 1_000, 0));
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
