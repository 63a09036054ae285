using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team;

/// <summary>Where projects, members and alerts are kept.</summary>
internal interface ITeamDatabase
{
    /// <summary>Asks something, or changes it with a single statement.</summary>
    /// <exception cref="TeamStoreUnavailableException">The database does not answer.</exception>
    ValueTask<T> AskAsync<T>(Func<HistoryConnection, ValueTask<T>> ask, CancellationToken cancellationToken);

    /// <summary>Changes something in a transaction, while nobody else does.</summary>
    /// <exception cref="TeamStoreUnavailableException">The database does not answer.</exception>
    ValueTask<T> ChangeAsync<T>(Func<HistoryConnection, ValueTask<T>> change, CancellationToken cancellationToken);
}
