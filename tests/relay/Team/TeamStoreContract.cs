using Tunnel.ProxyCore.History;
using Tunnel.Relay.Team;
using Xunit;

namespace Tunnel.Relay.Tests.Team;

/// <summary>What every store of projects and members promises. A further implementation is tested by one more subclass.</summary>
public abstract class TeamStoreContract
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Project_IsFoundWithAllItSays()
    {
        var keep = new HistoryOptions { MaxAge = TimeSpan.FromHours(36), MaxBytes = 5L << 30 };
        Assert.Equal(TeamChange.Done, await Open().CreateProjectAsync("acme", keep, Token));

        var found = await Open().FindProjectAsync("acme", Token);

        Assert.Equal(("acme", keep, Now), (found!.Name, found.Keep, found.CreatedAt));
        Assert.Null(await Open().FindProjectAsync("other", Token));
        Assert.Equal([found], await Open().ListProjectsAsync(Token));
    }

    [Fact]
    public async Task NameOfAProjectThatIsTaken_MakesNoSecondOne()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");

        Assert.Equal(TeamChange.Exists, await teams.CreateProjectAsync("acme", TeamProject.DefaultKeep with { MaxBytes = 1 }, Token));
        Assert.Equal(TeamProject.DefaultKeep, Assert.Single(await teams.ListProjectsAsync(Token)).Keep);
    }

    [Fact]
    public async Task Projects_AreListedByName()
    {
        var teams = Open();
        await CreateAsync(teams, "zoo");
        await CreateAsync(teams, "acme");

        Assert.Equal(["acme", "zoo"], (await teams.ListProjectsAsync(Token)).Select(project => project.Name), StringComparer.Ordinal);
    }

    [Fact]
    public async Task WhatIsKept_CanBeChanged()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        var keep = new HistoryOptions { MaxAge = TimeSpan.FromDays(365), MaxBytes = 7 };

        Assert.Equal(TeamChange.Done, await teams.KeepAsync("acme", keep, Token));

        Assert.Equal(keep, (await teams.FindProjectAsync("acme", Token))!.Keep);
        Assert.Equal(TeamChange.Missing, await teams.KeepAsync("other", keep, Token));
    }

    [Fact]
    public async Task Member_IsFoundByItsHashWithItsProject()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        var alice = Member("acme", "alice", TeamRole.Viewer);
        Assert.Equal(TeamChange.Done, await teams.AddMemberAsync(alice, "hash", Token));

        var found = await Open().FindMemberAsync("hash", Token);

        Assert.Equal(alice, found!.Member);
        Assert.Equal(await teams.FindProjectAsync("acme", Token), found.Project);
        Assert.Null(await teams.FindMemberAsync("other", Token));
    }

    [Fact]
    public async Task Members_AreListedByNameWithTheirRoles()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        await CreateAsync(teams, "zoo");
        await teams.AddMemberAsync(Member("acme", "server", TeamRole.Sender), "1", Token);
        await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "2", Token);
        await teams.AddMemberAsync(Member("acme", "bob", TeamRole.Editor), "3", Token);
        await teams.AddMemberAsync(Member("zoo", "carol", TeamRole.Viewer), "4", Token);

        var members = await teams.ListMembersAsync("acme", Token);

        Assert.Equal(
            [("alice", TeamRole.Viewer), ("bob", TeamRole.Editor), ("server", TeamRole.Sender)],
            members.Select(member => (member.Name, member.Role))
        );
        Assert.Empty(await teams.ListMembersAsync("other", Token));
    }

    [Fact]
    public async Task NameOfAMemberThatIsTaken_GetsNoSecondToken()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "hash", Token);

        Assert.Equal(TeamChange.Exists, await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Editor), "other", Token));
        Assert.Equal(TeamRole.Viewer, (await teams.FindMemberAsync("hash", Token))!.Member.Role);
        Assert.Null(await teams.FindMemberAsync("other", Token));
    }

    [Fact]
    public async Task OneNameInTwoProjects_IsTwoMembers()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        await CreateAsync(teams, "zoo");
        await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "1", Token);
        await teams.AddMemberAsync(Member("zoo", "alice", TeamRole.Editor), "2", Token);

        Assert.Equal(TeamChange.Done, await teams.RemoveMemberAsync("acme", "alice", Token));

        Assert.Null(await teams.FindMemberAsync("1", Token));
        Assert.Equal("zoo", (await teams.FindMemberAsync("2", Token))!.Project.Name);
    }

    [Fact]
    public async Task MemberOfNoProject_IsNotAdded()
    {
        Assert.Equal(TeamChange.Missing, await Open().AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "hash", Token));
    }

    [Fact]
    public async Task RemovedMember_IsNobodyAndItsNameFree()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "hash", Token);

        Assert.Equal(TeamChange.Done, await teams.RemoveMemberAsync("acme", "alice", Token));

        Assert.Equal(TeamChange.Missing, await teams.RemoveMemberAsync("acme", "alice", Token));
        Assert.Null(await teams.FindMemberAsync("hash", Token));
        Assert.Equal(TeamChange.Done, await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "new", Token));
    }

    [Fact]
    public async Task DeletedProject_TakesItsMembersAlongAndIsNotTheNextOneOfItsName()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        await CreateAsync(teams, "zoo");
        await teams.AddMemberAsync(Member("acme", "alice", TeamRole.Viewer), "1", Token);
        await teams.AddMemberAsync(Member("zoo", "alice", TeamRole.Viewer), "2", Token);

        var deleted = await teams.DeleteProjectAsync("acme", Token);

        Assert.Equal("acme", deleted!.Name);
        Assert.Null(await teams.DeleteProjectAsync("acme", Token));
        Assert.Null(await teams.FindMemberAsync("1", Token));
        Assert.NotNull(await teams.FindMemberAsync("2", Token));
        await CreateAsync(teams, "acme");
        Assert.NotEqual(deleted.Id, (await teams.FindProjectAsync("acme", Token))!.Id);
        Assert.Empty(await teams.ListMembersAsync("acme", Token));
    }

    [Fact]
    public async Task NewestProjectThatWasDeleted_GivesItsNumberToNobody()
    {
        var teams = Open();
        await CreateAsync(teams, "acme");
        var deleted = await teams.DeleteProjectAsync("acme", Token);

        await CreateAsync(teams, "zoo");

        Assert.True((await teams.FindProjectAsync("zoo", Token))!.Id > deleted!.Id);
    }

    private protected abstract DateTimeOffset Now { get; }

    /// <summary>One more instance over the same data.</summary>
    private protected abstract ITeamStore Open();

    private static async Task CreateAsync(ITeamStore teams, string name) =>
        Assert.Equal(TeamChange.Done, await teams.CreateProjectAsync(name, TeamProject.DefaultKeep, Token));

    private TeamMember Member(string project, string name, TeamRole role) => new(project, name, role, Now);
}
