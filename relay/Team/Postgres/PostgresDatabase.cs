using Npgsql;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>The PostgreSQL database that the relays of a team share. It may go away and come back at any time; nothing is kept open for it to notice.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Connections of one relay, unless the connection string says otherwise; who comes when all are in use waits for <see cref="ConnectSeconds"/>.</summary>
    private const int MaxConnections = 20;

    /// <summary>How long a connection may take.</summary>
    private const int ConnectSeconds = 3;

    /// <summary>How long an answer may take.</summary>
    private const int AnswerSeconds = 15;

    /// <summary>How long a change waits for another relay that changes the same.</summary>
    private const int LockSeconds = 5;

    private readonly NpgsqlDataSource _source;

    /// <param name="connectionString">One that is sound; it may hold a password, and is not shown to anybody.</param>
    public PostgresDatabase(string connectionString)
    {
        var settings = Parse(connectionString);
        _source = NpgsqlDataSource.Create(settings);
        Place = $"{settings.Host}/{settings.Database}";
    }

    /// <summary>Where it is, for people.</summary>
    public string Place { get; }

    /// <summary>Whether this says how to reach a database.</summary>
    public static bool IsSound(string connectionString)
    {
        try
        {
            return Parse(connectionString) is { Host.Length: > 0, Database.Length: > 0 };
        }
        catch (Exception unsound) when (unsound is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            return false;
        }
    }

    /// <summary>Asks or changes something in a transaction of its own.</summary>
    /// <param name="schema">Where tables without a schema are.</param>
    /// <param name="operation">What to do. It may be done in part when the database goes away, and is then undone.</param>
    /// <param name="unavailable">What to throw when the database does not answer.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public async ValueTask<T> InTransactionAsync<T>(
        PostgresSchema schema,
        Func<HistoryConnection, ValueTask<T>> operation,
        Func<Exception, Exception> unavailable,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var session = new HistoryConnection(connection, SqlDialect.Postgres, cancellationToken);
            // To compile a statement first takes longer than each of ours does.
            await session.ExecuteAsync(
                $"SET LOCAL search_path TO {schema.Quoted}; SET LOCAL lock_timeout TO '{LockSeconds}s'; SET LOCAL jit TO off"
            );
            var result = await operation(session);
            await transaction.CommitAsync(cancellationToken);
            return result;
        }
        catch (Exception cause) when (IsUnavailable(cause))
        {
            throw unavailable(cause);
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    /// <summary>Fills in what the operator did not say.</summary>
    private static NpgsqlConnectionStringBuilder Parse(string connectionString)
    {
        var said = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "mcpr-relay",
            MaxPoolSize = MaxConnections,
            Timeout = ConnectSeconds,
            CommandTimeout = AnswerSeconds,
        };
        foreach (var name in said.Keys.OfType<string>())
        {
            settings[name] = said[name];
        }

        return settings;
    }

    /// <summary>Whether it would be another answer later: not for values and statements that it does not take (classes 22, 23 and 42).</summary>
    private static bool IsUnavailable(Exception cause) =>
        cause is PostgresException refused
            ? refused.SqlState[..2] is not ("22" or "23" or "42")
            : cause is NpgsqlException or TimeoutException;
}
