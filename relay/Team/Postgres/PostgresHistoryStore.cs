using Tunnel.ProxyCore.History;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>
/// The history of a project in a schema of PostgreSQL that several relays write to. One of them writes at a time, so that sums add up and events have
/// their numbers in the order in which they can be seen.
/// </summary>
internal sealed class PostgresHistoryStore(PostgresDatabase database, PostgresSchema schema) : SqlHistoryStore
{
    private volatile bool _isUpToDate;

    public override async ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken) =>
        await WriteAsync(
            async connection =>
            {
                var isNew = await PostgresBatch.WriteAsync(connection, batch.Entries);
                foreach (var listing in batch.Listings)
                {
                    await ToolTable.WriteAsync(connection, listing);
                }

                foreach (var loss in batch.Losses)
                {
                    await connection.ExecuteAsync(
                        """
                        WITH news AS (INSERT INTO losses (id, at, count) VALUES (@id, @at, @count) ON CONFLICT (id) DO NOTHING RETURNING @bytes AS size)
                        UPDATE history SET bytes = bytes + news.size FROM news
                        """,
                        ("@id", loss.Id),
                        ("@at", loss.At.ToUnixTimeMilliseconds()),
                        ("@count", loss.Count),
                        ("@bytes", PostgresSizes.Loss)
                    );
                }

                return isNew;
            },
            cancellationToken
        );

    public override ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            async connection =>
                (
                    await connection.QueryAsync(
                        row => new HistoryState(
                            $"{database.Place} ({schema.Name})",
                            row.GetInt64(0),
                            row.GetInt64(1),
                            row.MomentOrNull(2),
                            row.GetInt64(3)
                        ),
                        $"""
                        SELECT events, {PostgresRetention.Bytes}, (SELECT MIN(at) FROM events),
                               (SELECT {SqlDialect.Postgres.Lost} FROM losses)
                        FROM history
                        """
                    )
                ).Single(),
            cancellationToken
        );

    public override ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken) =>
        new PostgresRetention(operation => WriteAsync(operation, cancellationToken), now, options).ApplyAsync(cancellationToken);

    protected override async ValueTask<T> ReadAsync<T>(Func<HistoryConnection, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await database.InTransactionAsync(schema, ask, Unavailable, cancellationToken);
    }

    protected override object KeyOf(Guid id) => id;

    /// <summary>Changes something, while no other relay does.</summary>
    private async ValueTask<T> WriteAsync<T>(Func<HistoryConnection, ValueTask<T>> change, CancellationToken cancellationToken)
    {
        await PrepareAsync(cancellationToken);
        return await database.InTransactionAsync(
            schema,
            async connection =>
            {
                await connection.ExecuteAsync("SELECT 1 FROM history FOR UPDATE");
                return await change(connection);
            },
            Unavailable,
            cancellationToken
        );
    }

    /// <summary>Not at the start: the database may be away then.</summary>
    private async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        if (!_isUpToDate)
        {
            _isUpToDate = await database.InTransactionAsync(
                schema,
                connection => PostgresHistorySchema.ApplyAsync(connection, schema),
                Unavailable,
                cancellationToken
            );
        }
    }

    private static HistoryUnavailableException Unavailable(Exception cause) => new(cause.Message, cause);
}
