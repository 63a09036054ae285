using Tunnel.ProxyCore.History.Sql;
using Tunnel.Relay.State;

namespace Tunnel.Relay.Team.Sqlite;

/// <summary>Projects, members and alerts in the relay's SQLite file.</summary>
internal sealed class SqliteTeamDatabase(RelayDatabase database) : ITeamDatabase
{
    public ValueTask<T> AskAsync<T>(Func<HistoryConnection, ValueTask<T>> ask, CancellationToken cancellationToken) =>
        database.Read(
            connection => Answer(ask(new HistoryConnection(connection, SqlDialect.Sqlite, cancellationToken))),
            static cause => new TeamStoreUnavailableException(cause)
        );

    public ValueTask<T> ChangeAsync<T>(Func<HistoryConnection, ValueTask<T>> change, CancellationToken cancellationToken) =>
        database.Write(
            connection => Answer(change(new HistoryConnection(connection, SqlDialect.Sqlite, cancellationToken))),
            static cause => new TeamStoreUnavailableException(cause)
        );

    /// <summary>SQLite's driver has answered before it returns; so does what only waits for it.</summary>
#pragma warning disable VSTHRD002 // it does not wait
    private static T Answer<T>(ValueTask<T> answered) => answered.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
}
