using System.Security.Cryptography;
using System.Text;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>Finds the rows of what events refer to, or adds them.</summary>
internal static class PostgresWordRows
{
    private const int HashBytes = 16;

    /// <summary>For a writer that no other writes beside.</summary>
    /// <returns>For each event its row, or null where it refers to nothing in this table.</returns>
    public static async ValueTask<IReadOnlyList<long?>> FindOrAddAsync(
        HistoryConnection connection,
        WordTable table,
        IReadOnlyList<McpEvent> events
    )
    {
        Words?[] words = [.. events.Select(table.WordsOf)];
        var known = new Dictionary<Words, long>();
        await FindAsync(connection, table, words, known);
        var missing = events
            .Zip(words)
            .Where(pair => pair.Second is not null && !known.ContainsKey(pair.Second))
            .DistinctBy(pair => pair.Second)
            .ToArray();
        if (missing.Length > 0)
        {
            var room = Math.Max(0, WordTable.MaxRows - (int)(long)(await connection.ScalarAsync($"SELECT COUNT(*) FROM {table.Name}"))!);
            await AddAsync(connection, table, [.. missing.Take(room).Select(pair => pair.Second!)], known);
            if (missing.Length > room)
            {
                await InsteadAsync(connection, table, missing[room..], known);
            }
        }

        return Array.ConvertAll(words, one => one is null ? (long?)null : known[one]);
    }

    /// <summary>What rows are found by: 128 bits of texts, each behind its length.</summary>
    public static Guid HashOf(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return new Guid(hash.GetHashAndReset().AsSpan(0, HashBytes), bigEndian: true);
    }

    /// <summary>Those for which there is no room get the row that stands for all such.</summary>
    private static async ValueTask InsteadAsync(
        HistoryConnection connection,
        WordTable table,
        (McpEvent Event, Words? Words)[] missing,
        Dictionary<Words, long> known
    )
    {
        Words[] instead = [.. missing.Select(pair => table.InsteadOf(pair.Event))];
        await FindAsync(connection, table, instead, known);
        await AddAsync(connection, table, [.. instead.Where(one => !known.ContainsKey(one)).Distinct()], known);
        for (var i = 0; i < instead.Length; i++)
        {
            known[missing[i].Words!] = known[instead[i]];
        }
    }

    private static async ValueTask FindAsync(
        HistoryConnection connection,
        WordTable table,
        IEnumerable<Words?> words,
        Dictionary<Words, long> known
    )
    {
        var byHash = words.OfType<Words>().Distinct().ToDictionary(one => HashOf(one.Texts));
        if (byHash.Count == 0)
        {
            return;
        }

        foreach (
            var (hash, id) in await connection.QueryAsync(
                row => (row.GetGuid(0), row.GetInt64(1)),
                $"SELECT hash, id FROM {table.Name} WHERE hash = ANY(@hashes)",
                ("@hashes", byHash.Keys.ToArray())
            )
        )
        {
            known[byHash[hash]] = id;
        }
    }

    private static async ValueTask AddAsync(
        HistoryConnection connection,
        WordTable table,
        IReadOnlyList<Words> words,
        Dictionary<Words, long> known
    )
    {
        if (words.Count == 0)
        {
            return;
        }

        var byHash = words.ToDictionary(one => HashOf(one.Texts));
        var columns = table.Columns.Select((name, index) => ($"@{name}", (object?)words.Select(one => one.Texts[index]).ToArray()));
        foreach (
            var (hash, id) in await connection.QueryAsync(
                row => (row.GetGuid(0), row.GetInt64(1)),
                $"""
                INSERT INTO {table.Name} (hash, {string.Join(", ", table.Columns)})
                SELECT * FROM unnest(@hashes, {string.Join(", ", table.Columns.Select(name => "@" + name))}) RETURNING hash, id
                """,
                [("@hashes", byHash.Keys.ToArray()), .. columns]
            )
        )
        {
            known[byHash[hash]] = id;
        }
    }
}
