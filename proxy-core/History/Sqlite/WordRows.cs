using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Sql;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>
/// Finds the row of what an event refers to, or adds it. For one transaction: another process may delete what nobody refers to between two of them.
/// </summary>
/// <param name="connection">In the transaction.</param>
/// <param name="table">The table.</param>
/// <param name="extra">What else a new row gets: a column whose value is 0, or nothing.</param>
internal sealed class WordRows(SqliteConnection connection, WordTable table, string? extra = null)
{
    private readonly Dictionary<Words, long> _known = [];
    private long? _count;

    /// <returns>The row, or null where the event refers to nothing here.</returns>
    public long? IdOf(McpEvent one)
    {
        if (table.WordsOf(one) is not { } words)
        {
            return null;
        }

        if (_known.TryGetValue(words, out var id))
        {
            return id;
        }

        id = Find(words) ?? (HasRoom ? Add(words) : FindOrAdd(table.InsteadOf(one)));
        return _known[words] = id;
    }

    private bool HasRoom => (_count ??= (long)connection.Scalar($"SELECT COUNT(*) FROM {table.Name}")!) < WordTable.MaxRows;

    private long FindOrAdd(Words words) => Find(words) ?? Add(words);

    private long? Find(Words words) =>
        (long?)
            connection.Scalar(
                $"SELECT id FROM {table.Name} WHERE {string.Join(" AND ", table.Columns.Select(column => $"{column} = ${column}"))}",
                ParametersOf(words)
            );

    private long Add(Words words)
    {
        _count++;
        var columns = string.Join(", ", table.Columns);
        var values = string.Join(", ", table.Columns.Select(column => "$" + column));
        var (more, value) = extra is null ? ("", "") : ($", {extra}", ", 0");
        return (long)
            connection.Scalar($"INSERT INTO {table.Name} ({columns}{more}) VALUES ({values}{value}) RETURNING id", ParametersOf(words))!;
    }

    private (string, object?)[] ParametersOf(Words words) =>
        [.. table.Columns.Zip(words.Texts, (column, text) => ($"${column}", (object?)text))];
}
