using System.Collections.Concurrent;
using System.Globalization;
using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>A schema for each project, <c>project_7</c>.</summary>
internal sealed class PostgresProjectHistories(PostgresDatabase database) : IProjectHistories
{
    private const string Prefix = "project_";

    private readonly ConcurrentDictionary<long, PostgresHistoryStore> _open = new();

    public ValueTask<IHistoryStore> OpenAsync(TeamProject project, CancellationToken cancellationToken) =>
        new(_open.GetOrAdd(project.Id, static (id, database) => new PostgresHistoryStore(database, SchemaOf(id)), database));

    public ValueTask<IReadOnlyList<long>> ListAsync(CancellationToken cancellationToken) =>
        RunAsync<IReadOnlyList<long>>(
            async connection =>
                [
                    .. (
                        await connection.QueryAsync(
                            row => NumberOf(row.GetString(0)),
                            "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, @prefix)",
                            ("@prefix", Prefix)
                        )
                    )
                        .OfType<long>()
                        .Union(_open.Keys),
                ],
            cancellationToken
        );

    public async ValueTask DeleteAsync(long projectId, CancellationToken cancellationToken)
    {
        await RunAsync(
            connection => connection.ExecuteAsync($"DROP SCHEMA IF EXISTS {SchemaOf(projectId).Quoted} CASCADE"),
            cancellationToken
        );
        _open.TryRemove(projectId, out _);
    }

    private static PostgresSchema SchemaOf(long id) => new(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{id}"));

    private static long? NumberOf(string schema) =>
        long.TryParse(schema.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    private ValueTask<T> RunAsync<T>(Func<HistoryConnection, ValueTask<T>> operation, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            PostgresTeamSchema.Name,
            operation,
            static cause => new HistoryUnavailableException(cause.Message, cause),
            cancellationToken
        );
}
