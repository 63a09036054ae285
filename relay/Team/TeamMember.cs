namespace Tunnel.Relay.Team;

/// <summary>Somebody in a project, or a server that sends to it; without the token.</summary>
/// <param name="Project">The name of the project.</param>
/// <param name="Name">Its own, within the project.</param>
/// <param name="Role">What it may do.</param>
/// <param name="CreatedAt">When it was added.</param>
internal sealed record TeamMember(string Project, string Name, TeamRole Role, DateTimeOffset CreatedAt);

/// <summary>A member with its project as it is now.</summary>
internal sealed record TeamMembership(TeamProject Project, TeamMember Member)
{
    /// <summary>Tells members apart, also those of one name in two projects, and one that was removed from one that came later.</summary>
    public (long Project, string Member, DateTimeOffset CreatedAt) Key => (Project.Id, Member.Name, Member.CreatedAt);
}
