using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Team.Sqlite;

/// <summary>Projects and members in the relay's SQLite file, where commands change them while the relay runs.</summary>
internal sealed class SqliteTeamStore(RelayDatabase database, TimeProvider time) : ITeamStore
{
    private const string ProjectColumns = "p.id, p.name, p.created_at, p.max_age, p.max_bytes";
    private const string MemberColumns = "p.name, m.name, m.role, m.created_at";

    public ValueTask<TeamChange> CreateProjectAsync(string name, HistoryOptions keep, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            if (Find(connection, name) is not null)
            {
                return TeamChange.Exists;
            }

            if ((long)connection.Scalar("SELECT COUNT(*) FROM projects")! >= ITeamStore.MaxProjects)
            {
                return TeamChange.Full;
            }

            connection.Execute(
                "INSERT INTO projects (name, max_age, max_bytes, created_at) VALUES ($name, $age, $bytes, $now)",
                ("$name", name),
                ("$age", (long)keep.MaxAge.TotalMilliseconds),
                ("$bytes", keep.MaxBytes),
                ("$now", time.GetUtcNow().ToUnixTimeMilliseconds())
            );
            return TeamChange.Done;
        });

    public ValueTask<TeamChange> KeepAsync(string project, HistoryOptions keep, CancellationToken cancellationToken) =>
        Read(connection =>
            DoneIf(
                connection.Execute(
                    "UPDATE projects SET max_age = $age, max_bytes = $bytes WHERE name = $name",
                    ("$age", (long)keep.MaxAge.TotalMilliseconds),
                    ("$bytes", keep.MaxBytes),
                    ("$name", project)
                )
            )
        );

    public ValueTask<TeamProject?> DeleteProjectAsync(string name, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            if (Find(connection, name) is not { } project)
            {
                return null;
            }

            connection.Execute("DELETE FROM members WHERE project = $id", ("$id", project.Id));
            connection.Execute(
                "DELETE FROM alert_messages WHERE alert IN (SELECT id FROM alerts WHERE project = $id)",
                ("$id", project.Id)
            );
            connection.Execute("DELETE FROM alerts WHERE project = $id", ("$id", project.Id));
            connection.Execute("DELETE FROM projects WHERE id = $id", ("$id", project.Id));
            return project;
        });

    public ValueTask<TeamProject?> FindProjectAsync(string name, CancellationToken cancellationToken) =>
        Read(connection => Find(connection, name));

    public ValueTask<IReadOnlyList<TeamProject>> ListProjectsAsync(CancellationToken cancellationToken) =>
        Read(connection => connection.Query(row => ToProject(row, 0), $"SELECT {ProjectColumns} FROM projects p ORDER BY p.name"));

    public ValueTask<TeamChange> AddMemberAsync(TeamMember member, string hash, CancellationToken cancellationToken) =>
        Write(connection =>
        {
            if (Find(connection, member.Project) is not { } project)
            {
                return TeamChange.Missing;
            }

            if ((long)connection.Scalar("SELECT COUNT(*) FROM members WHERE project = $id", ("$id", project.Id))! >= ITeamStore.MaxMembers)
            {
                return TeamChange.Full;
            }

            var added = connection.Execute(
                """
                INSERT INTO members (project, name, hash, role, created_at) VALUES ($project, $name, $hash, $role, $created)
                ON CONFLICT (project, name) DO NOTHING
                """,
                ("$project", project.Id),
                ("$name", member.Name),
                ("$hash", hash),
                ("$role", TeamRoles.NameOf(member.Role)),
                ("$created", member.CreatedAt.ToUnixTimeMilliseconds())
            );
            return added == 1 ? TeamChange.Done : TeamChange.Exists;
        });

    public ValueTask<TeamChange> RemoveMemberAsync(string project, string name, CancellationToken cancellationToken) =>
        Read(connection =>
            DoneIf(
                connection.Execute(
                    "DELETE FROM members WHERE project = (SELECT id FROM projects WHERE name = $project) AND name = $name",
                    ("$project", project),
                    ("$name", name)
                )
            )
        );

    public ValueTask<IReadOnlyList<TeamMember>> ListMembersAsync(string project, CancellationToken cancellationToken) =>
        Read(connection =>
            connection.Query(
                row => ToMember(row, 0),
                $"SELECT {MemberColumns} FROM members m JOIN projects p ON p.id = m.project WHERE p.name = $project ORDER BY m.name",
                ("$project", project)
            )
        );

    public ValueTask<TeamMembership?> FindMemberAsync(string hash, CancellationToken cancellationToken) =>
        Read(connection =>
            connection
                .Query(
                    row => IsSame(row.GetString(9), hash) ? new TeamMembership(ToProject(row, 0), ToMember(row, 5)) : null,
                    $"SELECT {ProjectColumns}, {MemberColumns}, m.hash FROM members m JOIN projects p ON p.id = m.project WHERE m.hash = $hash",
                    ("$hash", hash)
                )
                .SingleOrDefault()
        );

    // The index compares hashes, whose timing tells nothing about a token; this leaves no need to think about it.
    private static bool IsSame(string kept, string shown) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(kept), Encoding.ASCII.GetBytes(shown));

    private static TeamChange DoneIf(int changed) => changed == 1 ? TeamChange.Done : TeamChange.Missing;

    private static TeamProject? Find(SqliteConnection connection, string name) =>
        connection
            .Query(row => ToProject(row, 0), $"SELECT {ProjectColumns} FROM projects p WHERE p.name = $name", ("$name", name))
            .SingleOrDefault();

    internal static TeamProject ToProject(SqliteDataReader row, int first) =>
        new()
        {
            Id = row.GetInt64(first),
            Name = row.GetString(first + 1),
            CreatedAt = row.Time(first + 2),
            Keep = new HistoryOptions { MaxAge = TimeSpan.FromMilliseconds(row.GetInt64(first + 3)), MaxBytes = row.GetInt64(first + 4) },
        };

    // The table takes no other roles.
    private static TeamMember ToMember(SqliteDataReader row, int first) =>
        new(row.GetString(first), row.GetString(first + 1), TeamRoles.Parse(row.GetString(first + 2))!.Value, row.Time(first + 3));

    private ValueTask<T> Read<T>(Func<SqliteConnection, T> ask) =>
        database.Read(ask, static cause => new TeamStoreUnavailableException(cause));

    private ValueTask<T> Write<T>(Func<SqliteConnection, T> change) =>
        database.Write(change, static cause => new TeamStoreUnavailableException(cause));
}
