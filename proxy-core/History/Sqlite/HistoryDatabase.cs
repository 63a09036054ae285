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
    private readonly string _synchronous;

    private HistoryDatabase(string path, SqliteOpenMode mode, bool isDurable = false)
    {
        _synchronous = isDurable ? "FULL" : "NORMAL";
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
    /// <param name="path">The file.</param>
    /// <param name="isDurable">Whether what was written is there even after a crash of the machine; every write waits for the disk then.</param>
    /// <exception cref="HistoryUnavailableException">It cannot be used, with why.</exception>
    public static HistoryDatabase Create(string path, bool isDurable = false)
    {
        try
        {
            PrivateFile.CreateFolder(System.IO.Path.GetDirectoryName(path)!);
            // SQLite would make it as the umask says, and gives the files beside it the rights of this one.
            PrivateFile.Create(path, string.Empty);
            var database = new HistoryDatabase(path, SqliteOpenMode.ReadWriteCreate, isDurable);
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

    /// <summary>Deletes a file with all that belongs to it, whether it is there or not. Nobody of this process may use it any more.</summary>
    /// <exception cref="HistoryUnavailableException">It cannot be deleted, with why.</exception>
    public static void Delete(string path)
    {
        try
        {
            using (var connection = new SqliteConnection(new HistoryDatabase(path, SqliteOpenMode.ReadWriteCreate)._connectionString))
            {
                SqliteConnection.ClearPool(connection);
            }

            foreach (var suffix in (string[])["", "-wal", "-shm"])
            {
                File.Delete(path + suffix);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            throw new HistoryUnavailableException(unusable.Message, unusable);
        }
    }

    /// <summary>A pooled connection; dispose it soon.</summary>
    internal SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        connection.Open();

        // These belong to a connection and not to the file. With FULL every commit waits for the disk; with NORMAL a crash of the machine costs the last
        // commits, never the file.
        connection.Execute($"PRAGMA synchronous = {_synchronous}");
        connection.Execute($"PRAGMA journal_size_limit = {KeptLogBytes}");
        return connection;
    }
}
