using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Files;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>The file of a history. Any number of processes may have it open: one writes at a time, nobody keeps anybody from reading (WAL).</summary>
public sealed class HistoryDatabase
{
    /// <summary>How long a statement waits for another process that writes. Writers take a few milliseconds.</summary>
    private const int BusyTimeoutSeconds = 5;

    /// <summary>Pages of 4 KB that the write-ahead log may keep when it is empty.</summary>
    private const int KeptLogBytes = 4 << 20;

    private readonly string _connectionString;

    private HistoryDatabase(string path, SqliteOpenMode mode)
    {
        SQLitePCL.Batteries_V2.Init();
        Path = path;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            DefaultTimeout = BusyTimeoutSeconds,
            Mode = mode,
            Pooling = true,
        }.ToString();
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens the file for writing, and makes it if it is not there, for its owner only.</summary>
    /// <exception cref="HistoryUnavailableException">It cannot be used, with why.</exception>
    public static HistoryDatabase Create(string path)
    {
        try
        {
            PrivateFile.CreateFolder(System.IO.Path.GetDirectoryName(path)!);
            // SQLite would make it as the umask says, and gives the files beside it the rights of this one.
            PrivateFile.Create(path, string.Empty);
            var database = new HistoryDatabase(path, SqliteOpenMode.ReadWriteCreate);
            using var connection = database.Open();
            HistorySchema.Apply(connection);
            return database;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new HistoryUnavailableException(unusable.Message, unusable);
        }
    }

    /// <summary>Opens a file that is there, to read what others write to it.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="HistoryUnavailableException">It cannot be used, with why.</exception>
    public static HistoryDatabase? Find(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            var database = new HistoryDatabase(path, SqliteOpenMode.ReadWrite);
            using var connection = database.Open();
            HistorySchema.Apply(connection);
            return database;
        }
        catch (SqliteException unusable)
        {
            throw new HistoryUnavailableException(unusable.Message, unusable);
        }
    }

    /// <summary>A pooled connection; dispose it soon.</summary>
    internal SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();

        // These belong to a connection and not to the file. Without the first every commit waits for the disk; a crash of the machine costs the last
        // commits, never the file.
        connection.Execute("PRAGMA synchronous = NORMAL");
        connection.Execute($"PRAGMA journal_size_limit = {KeptLogBytes}");
        return connection;
    }
}
