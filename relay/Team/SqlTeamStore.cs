using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team;

/// <summary>Projects and members in tables, which commands change while relays run.</summary>
internal sealed class SqlTeamStore(ITeamDatabase database, TimeProvider time) : ITeamStore
{
    private const string ProjectColumns = "p.id, p.name, p.created_at, p.max_age, p.max_bytes";
    private const string MemberColumns = "p.name, m.name, m.role, m.created_at";

    public ValueTask<TeamChange> CreateProjectAsync(string name, HistoryOptions keep, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                if (await FindAsync(connection, name) is not null)
                {
                    return TeamChange.Exists;
                }

                if ((long)(await connection.ScalarAsync("SELECT COUNT(*) FROM projects"))! >= ITeamStore.MaxProjects)
                {
                    return TeamChange.Full;
                }

                await connection.ExecuteAsync(
                    "INSERT INTO projects (name, max_age, max_bytes, created_at) VALUES (@name, @age, @bytes, @now)",
                    ("@name", name),
                    ("@age", (long)keep.MaxAge.TotalMilliseconds),
                    ("@bytes", keep.MaxBytes),
                    ("@now", time.GetUtcNow().ToUnixTimeMilliseconds())
                );
                return TeamChange.Done;
            },
            cancellationToken
        );

    public ValueTask<TeamChange> KeepAsync(string project, HistoryOptions keep, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
                DoneIf(
                    await connection.ExecuteAsync(
                        "UPDATE projects SET max_age = @age, max_bytes = @bytes WHERE name = @name",
                        ("@age", (long)keep.MaxAge.TotalMilliseconds),
                        ("@bytes", keep.MaxBytes),
                        ("@name", project)
                    )
                ),
            cancellationToken
        );

    public ValueTask<TeamProject?> DeleteProjectAsync(string name, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                if (await FindAsync(connection, name) is not { } project)
                {
                    return null;
                }

                await connection.ExecuteAsync("DELETE FROM members WHERE project = @id", ("@id", project.Id));
                await connection.ExecuteAsync(
                    "DELETE FROM alert_messages WHERE alert IN (SELECT id FROM alerts WHERE project = @id)",
                    ("@id", project.Id)
                );
                await connection.ExecuteAsync("DELETE FROM alerts WHERE project = @id", ("@id", project.Id));
                await connection.ExecuteAsync("DELETE FROM projects WHERE id = @id", ("@id", project.Id));
                return project;
            },
            cancellationToken
        );

    public ValueTask<TeamProject?> FindProjectAsync(string name, CancellationToken cancellationToken) =>
        database.AskAsync(connection => FindAsync(connection, name), cancellationToken);

    public ValueTask<IReadOnlyList<TeamProject>> ListProjectsAsync(CancellationToken cancellationToken) =>
        database.AskAsync(
            connection => connection.QueryAsync(row => ToProject(row, 0), $"SELECT {ProjectColumns} FROM projects p ORDER BY p.name"),
            cancellationToken
        );

    public ValueTask<TeamChange> AddMemberAsync(TeamMember member, string hash, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
            {
                if (await FindAsync(connection, member.Project) is not { } project)
                {
                    return TeamChange.Missing;
                }

                var members = await connection.ScalarAsync("SELECT COUNT(*) FROM members WHERE project = @id", ("@id", project.Id));
                if ((long)members! >= ITeamStore.MaxMembers)
                {
                    return TeamChange.Full;
                }

                var added = await connection.ExecuteAsync(
                    """
                    INSERT INTO members (project, name, hash, role, created_at) VALUES (@project, @name, @hash, @role, @created)
                    ON CONFLICT (project, name) DO NOTHING
                    """,
                    ("@project", project.Id),
                    ("@name", member.Name),
                    ("@hash", hash),
                    ("@role", TeamRoles.NameOf(member.Role)),
                    ("@created", member.CreatedAt.ToUnixTimeMilliseconds())
                );
                return added == 1 ? TeamChange.Done : TeamChange.Exists;
            },
            cancellationToken
        );

    public ValueTask<TeamChange> RemoveMemberAsync(string project, string name, CancellationToken cancellationToken) =>
        database.ChangeAsync(
            async connection =>
                DoneIf(
                    await connection.ExecuteAsync(
                        "DELETE FROM members WHERE project = (SELECT id FROM projects WHERE name = @project) AND name = @name",
                        ("@project", project),
                        ("@name", name)
                    )
                ),
            cancellationToken
        );

    public ValueTask<IReadOnlyList<TeamMember>> ListMembersAsync(string project, CancellationToken cancellationToken) =>
        database.AskAsync(
            connection =>
                connection.QueryAsync(
                    row => ToMember(row, 0),
                    $"SELECT {MemberColumns} FROM members m JOIN projects p ON p.id = m.project WHERE p.name = @project ORDER BY m.name",
                    ("@project", project)
                ),
            cancellationToken
        );

    public ValueTask<TeamMembership?> FindMemberAsync(string hash, CancellationToken cancellationToken) =>
        database.AskAsync(
            async connection =>
                (
                    await connection.QueryAsync(
                        row => IsSame(row.GetString(9), hash) ? new TeamMembership(ToProject(row, 0), ToMember(row, 5)) : null,
                        $"SELECT {ProjectColumns}, {MemberColumns}, m.hash FROM members m JOIN projects p ON p.id = m.project WHERE m.hash = @hash",
                        ("@hash", hash)
                    )
                ).SingleOrDefault(),
            cancellationToken
        );

    // The index compares hashes, whose timing tells nothing about a token; this leaves no need to think about it.
    private static bool IsSame(string kept, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(kept), Encoding.ASCII.GetBytes(shown));

    private static TeamChange DoneIf(int changed) => changed == 1 ? TeamChange.Done : TeamChange.Missing;

    private static async ValueTask<TeamProject?> FindAsync(HistoryConnection connection, string name) =>
        (
            await connection.QueryAsync(
                row => ToProject(row, 0),
                $"SELECT {ProjectColumns} FROM projects p WHERE p.name = @name",
                ("@name", name)
            )
        ).SingleOrDefault();

    internal static TeamProject ToProject(DbDataReader row, int first) =>
        new()
        {
            Id = row.GetInt64(first),
            Name = row.GetString(first + 1),
            CreatedAt = row.MomentOf(first + 2),
            Keep = new HistoryOptions { MaxAge = TimeSpan.FromMilliseconds(row.GetInt64(first + 3)), MaxBytes = row.GetInt64(first + 4) },
        };

    // The table takes no other roles.
    private static TeamMember ToMember(DbDataReader row, int first) =>
        new(row.GetString(first), row.GetString(first + 1), TeamRoles.Parse(row.GetString(first + 2))!.Value, row.MomentOf(first + 3));
}
