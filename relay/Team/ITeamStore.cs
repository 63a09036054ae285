using Tunnel.ProxyCore.History;

namespace Tunnel.Relay.Team;

/// <summary>
/// Projects and their members. Every operation is atomic, and throws <see cref="TeamStoreUnavailableException"/> when the store cannot be reached.
/// Names have been checked before.
/// </summary>
internal interface ITeamStore
{
    /// <summary>Projects at most; each has a history that is looked after.</summary>
    const int MaxProjects = 1_000;

    /// <summary>Members of one project at most.</summary>
    const int MaxMembers = 1_000;

    /// <returns>Done, Exists or Full.</returns>
    ValueTask<TeamChange> CreateProjectAsync(string name, HistoryOptions keep, CancellationToken cancellationToken);

    /// <summary>Changes how much is kept.</summary>
    /// <returns>Done or Missing.</returns>
    ValueTask<TeamChange> KeepAsync(string project, HistoryOptions keep, CancellationToken cancellationToken);

    /// <summary>Deletes a project with its members and alerts, not its history.</summary>
    /// <returns>The project that was there, or null.</returns>
    ValueTask<TeamProject?> DeleteProjectAsync(string name, CancellationToken cancellationToken);

    ValueTask<TeamProject?> FindProjectAsync(string name, CancellationToken cancellationToken);

    /// <summary>All projects by name.</summary>
    ValueTask<IReadOnlyList<TeamProject>> ListProjectsAsync(CancellationToken cancellationToken);

    /// <param name="member">The member, whose project may be missing.</param>
    /// <param name="hash">Of its token.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>Done, Missing (the project), Exists or Full.</returns>
    ValueTask<TeamChange> AddMemberAsync(TeamMember member, string hash, CancellationToken cancellationToken);

    /// <returns>Done or Missing.</returns>
    ValueTask<TeamChange> RemoveMemberAsync(string project, string name, CancellationToken cancellationToken);

    /// <summary>The members of a project by name; none where there is no such project.</summary>
    ValueTask<IReadOnlyList<TeamMember>> ListMembersAsync(string project, CancellationToken cancellationToken);

    /// <summary>The member whose token has this hash, or null.</summary>
    ValueTask<TeamMembership?> FindMemberAsync(string hash, CancellationToken cancellationToken);
}

/// <summary>How a change of projects or members ended.</summary>
internal enum TeamChange
{
    Done,

    /// <summary>There is one of that name already.</summary>
    Exists,

    /// <summary>There is none of that name.</summary>
    Missing,

    /// <summary>There are as many as there may be.</summary>
    Full,
}

/// <summary>Projects and members cannot be read or changed now.</summary>
internal sealed class TeamStoreUnavailableException(Exception cause) : Exception("the store of projects is not available", cause);
