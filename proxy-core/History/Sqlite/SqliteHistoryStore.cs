using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>The history in a file of SQLite. The driver is synchronous whatever its methods are called; statements are short or bounded.</summary>
public sealed partial class SqliteHistoryStore(HistoryDatabase database) : IHistoryStore
{
    public ValueTask<int> WriteAsync(HistoryBatch batch, CancellationToken cancellationToken) =>
        OnThreadOfItsOwn(connection =>
        {
            // Who writes later waits here and not in the middle, where SQLite would give up at once.
            using var transaction = connection.BeginTransaction(deferred: false);
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
                ToolTable.Write(connection, listing);
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

    public ValueTask<HistoryState> StateAsync(CancellationToken cancellationToken) =>
        Guarded(connection =>
            connection
                .Query(
                    row => new HistoryState(
                        database.Path,
                        row.GetInt64(0),
                        Retention.BytesOf(connection),
                        row.TimeOrNull(1),
                        row.GetInt64(2)
                    ),
                    "SELECT (SELECT COUNT(*) FROM events), (SELECT MIN(at) FROM events), (SELECT COALESCE(SUM(count), 0) FROM losses)"
                )
                .Single()
        );

    public ValueTask<HistoryGaps> GapsAsync(HistoryFilter filter, CancellationToken cancellationToken) =>
        Guarded(connection =>
        {
            var during = new SqlFilter().AndTime("at", filter);
            var pruned = connection.Query(
                row => (Reason: row.GetString(0), Before: row.Time(1)),
                "SELECT reason, before FROM pruned WHERE before > $from ORDER BY before DESC LIMIT 1",
                ("$from", filter.From.ToUnixTimeMilliseconds())
            );
            return new HistoryGaps(
                pruned.Count == 0 ? null : pruned[0].Before,
                pruned.Count == 0 ? null : pruned[0].Reason,
                (long)connection.Scalar($"SELECT COALESCE(SUM(count), 0) FROM losses WHERE {during.Sql}", during.Parameters)!
            );
        });

    public async ValueTask PruneAsync(DateTimeOffset now, HistoryOptions options, CancellationToken cancellationToken) =>
        await OnThreadOfItsOwn(connection =>
        {
            Retention.Apply(connection, now, options, cancellationToken);
            return true;
        });

    /// <summary>Writing waits for the disk now and then, and there are few threads that answer requests: it must not take one of them.</summary>
    private ValueTask<T> OnThreadOfItsOwn<T>(Func<SqliteConnection, T> operation) =>
        new(
            Task.Factory.StartNew(
                () => Run(operation),
                CancellationToken.None,
                TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
                TaskScheduler.Default
            )
        );

    private ValueTask<T> Guarded<T>(Func<SqliteConnection, T> operation) => ValueTask.FromResult(Run(operation));

    private T Run<T>(Func<SqliteConnection, T> operation)
    {
        try
        {
            using var connection = database.Open();
            return operation(connection);
        }
        catch (SqliteException unavailable)
        {
            throw new HistoryUnavailableException(unavailable.Message, unavailable);
        }
    }
}
