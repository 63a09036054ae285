using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>
/// The history in a file of SQLite. The driver is synchronous whatever its methods are called: statements are short or bounded, but writing waits for the
/// disk now and then, and callers choose the thread that does.
/// </summary>
/// <param name="database">The file.</param>
public sealed class SqliteHistoryStore(HistoryDatabase database) : SqlHistoryStore
{
    public override ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken) =>
        GuardedAsync(async connection =>
        {
            // Who writes later waits here and not in the middle, where SQLite would give up at once.
            await using var transaction = connection.BeginTransaction(deferred: false);
            var isNew = 0;
            using (var writer = new BatchWriter(connection))
            {
                foreach (var entry in batch.Entries)
                {
                    isNew += writer.Write(entry) ? 1 : 0;
                }

                writer.Complete();
            }

            foreach (var listing in batch.Listings)
            {
                // Begun is written; nothing here waits for long.
                await ToolTable.WriteAsync(new HistoryConnection(connection, SqlDialect.Sqlite, CancellationToken.None), listing);
            }

            foreach (var loss in batch.Losses)
            {
                connection.Execute(
                    "INSERT OR IGNORE INTO losses (id, at, count) VALUES ($id, $at, $count)",
                    ("$id", loss.Id.ToByteArray(bigEndian: true)),
                    ("$at", loss.At.ToUnixTimeMilliseconds()),
                    ("$count", loss.Count)
                );
            }

            transaction.Commit();
            return isNew;
        });

    public override ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken) =>
        ReadAsync(
            async connection =>
                (
                    await connection.QueryAsync(
                        row => new HistoryState(
                            database.Path,
                            row.GetInt64(0),
                            Retention.BytesOf((SqliteConnection)connection.Inner),
                            row.MomentOrNull(1),
                            row.GetInt64(2)
                        ),
                        $"SELECT (SELECT COUNT(*) FROM events), (SELECT MIN(at) FROM events), (SELECT {SqlDialect.Sqlite.Lost} FROM losses)"
                    )
                ).Single(),
            cancellationToken
        );

    public override async ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken) =>
        await GuardedAsync(async connection =>
        {
            await Retention.ApplyAsync(connection, now, options, cancellationToken);
            return true;
        });

    protected override ValueTask<T> ReadAsync<T>(Func<HistoryConnection, ValueTask<T>> ask, CancellationToken cancellationToken) =>
        GuardedAsync(connection => ask(new HistoryConnection(connection, SqlDialect.Sqlite, cancellationToken)));

    protected override object KeyOf(Guid id) => BytesOf(id);

    /// <summary>An id as its column has it: in order of time.</summary>
    internal static byte[] BytesOf(Guid id) => id.ToByteArray(bigEndian: true);

    private async ValueTask<T> GuardedAsync<T>(Func<SqliteConnection, ValueTask<T>> operation)
    {
        try
        {
            await using var connection = database.Open();
            return await operation(connection);
        }
        catch (SqliteException unavailable)
        {
            throw new HistoryUnavailableException(unavailable.Message, unavailable);
        }
    }
}
