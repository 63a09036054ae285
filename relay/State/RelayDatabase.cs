using Microsoft.Data.Sqlite;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.State;

/// <summary>The relay's SQLite file: one for names and tokens, shared with the <c>mcpr-relay tokens</c> commands through WAL.</summary>
internal sealed class RelayDatabase
{
    /// <summary>How long a statement waits for another writer.</summary>
    private const int BusyTimeoutSeconds = 2;

    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS names (
            name       TEXT PRIMARY KEY,
            owner      TEXT NOT NULL,
            project    TEXT NOT NULL,
            generation INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            used_at    INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS names_by_project ON names (owner, project, used_at);
        CREATE TABLE IF NOT EXISTS tokens (
            name       TEXT PRIMARY KEY,
            hash       TEXT NOT NULL UNIQUE,
            created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        """;

    private readonly string _connectionString;

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
            using var command = connection.CreateCommand();
            command.CommandText = Schema;
            command.ExecuteNonQuery();
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
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = NORMAL";
        command.ExecuteNonQuery();
        return connection;
    }

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
