using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>Projects, members and alerts in a PostgreSQL that several relays share.</summary>
internal sealed class PostgresTeamDatabase(PostgresDatabase database) : ITeamDatabase
{
    private volatile bool _isUpToDate;

    public async ValueTask<T> AskAsync<T>(Func<HistoryConnection, ValueTask<T>> ask, CancellationToken cancellationToken)
    {
        if (!_isUpToDate)
        {
            // Not at the start: the database may be away then.
            _isUpToDate = await PrepareAsync(cancellationToken);
        }

        return await InTransactionAsync(ask, cancellationToken);
    }

    public ValueTask<T> ChangeAsync<T>(Func<HistoryConnection, ValueTask<T>> change, CancellationToken cancellationToken) =>
        AskAsync(
            async connection =>
            {
                await connection.ExecuteAsync("SELECT 1 FROM team FOR UPDATE");
                return await change(connection);
            },
            cancellationToken
        );

    private async ValueTask<bool> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await InTransactionAsync(PostgresTeamSchema.ApplyAsync, cancellationToken);
        }
        catch (NotSupportedException newer)
        {
            throw new TeamStoreUnavailableException(newer);
        }
    }

    private ValueTask<T> InTransactionAsync<T>(Func<HistoryConnection, ValueTask<T>> operation, CancellationToken cancellationToken) =>
        database.InTransactionAsync(
            PostgresTeamSchema.Name,
            operation,
            static cause => new TeamStoreUnavailableException(cause),
            cancellationToken
        );
}
