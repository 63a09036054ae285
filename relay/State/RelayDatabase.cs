using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.State;

/// <summary>The relay's SQLite file: one for names and tokens, shared with the <c>mcpr-relay tokens</c> commands through WAL.</summary>
internal sealed class RelayDatabase
{
    /// <summary>How long a statement waits for another writer.</summary>
    private const int BusyTimeoutSeconds = 2;

    private readonly string _connectionString;

    // SQLite lets one writer in and makes the others of this process sleep; a lock wakes them at once.
    private readonly Lock _writing = new();

    /// <exception cref="DataDirectoryException">The folder cannot be made or written to, or holds something else.</exception>
    public RelayDatabase(RelayOptions options)
    {
        SQLitePCL.Batteries_V2.Init();
        var directory = Path.GetFullPath(options.DataDirectory);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(directory, "relay.db"),
            DefaultTimeout = BusyTimeoutSeconds,
            Pooling = true,
        }.ToString();
        try
        {
            CreatePrivate(directory);
            using var connection = Open();
            RelaySchema.Apply(connection);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new DataDirectoryException(directory, unusable);
        }
    }

    /// <summary>A pooled connection; dispose it soon.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();

        // The file remembers that it is in WAL, but this belongs to a connection: without it every claim waits for the disk.
        connection.Execute("PRAGMA synchronous = NORMAL");
        return connection;
    }

    /// <summary>Asks the file, or changes it with a single statement.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="unavailable">What to throw when the file cannot be used or is locked for too long.</param>
    public ValueTask<T> Read<T>(Func<SqliteConnection, T> ask, Func<SqliteException, Exception> unavailable)
    {
        try
        {
            using var connection = Open();
            return ValueTask.FromResult(ask(connection));
        }
        catch (SqliteException cause)
        {
            throw unavailable(cause);
        }
    }

    /// <summary>Changes the file in a transaction of its own, atomically across processes too.</summary>
    /// <inheritdoc cref="Read"/>
    public ValueTask<T> Write<T>(Func<SqliteConnection, T> change, Func<SqliteException, Exception> unavailable) =>
        Read(
            connection =>
            {
                lock (_writing)
                {
                    using var transaction = connection.BeginTransaction(deferred: false);
                    var result = change(connection);
                    transaction.Commit();
                    return result;
                }
            },
            unavailable
        );

    private static void CreatePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
