using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>
/// One of the tables that events refer to: finds the row of a text, or adds it. Bounded: callers can invent names, and what is beyond the bound counts as
/// "(other)". For one transaction: another process may delete what nobody refers to between two of them.
/// </summary>
/// <param name="connection">In the transaction.</param>
/// <param name="table">The table.</param>
/// <param name="columns">Its columns of text, all of which make a row.</param>
/// <param name="extra">What else a new row gets: a column and its value, or nothing.</param>
internal sealed class Words(SqliteConnection connection, string table, string[] columns, string? extra = null)
{
    /// <summary>More are no names of anything any more.</summary>
    private const int MaxRows = 10_000;

    private readonly Dictionary<string, long> _known = new(StringComparer.Ordinal);
    private long? _count;

    /// <param name="texts">The values, in the order of the columns; null is empty.</param>
    /// <param name="instead">What a row beyond the bound becomes.</param>
    public long IdOf(ReadOnlySpan<string?> texts, ReadOnlySpan<string?> instead)
    {
        var key = string.Join('\0', texts!);
        if (_known.TryGetValue(key, out var id))
        {
            return id;
        }

        id = Find(texts) ?? (HasRoom ? Add(texts) : Find(instead) ?? Add(instead));
        return _known[key] = id;
    }

    private bool HasRoom => (_count ??= (long)connection.Scalar($"SELECT COUNT(*) FROM {table}")!) < MaxRows;

    private long? Find(ReadOnlySpan<string?> texts) =>
        (long?)
            connection.Scalar(
                $"SELECT id FROM {table} WHERE {string.Join(" AND ", columns.Select(column => $"{column} = ${column}"))}",
                Parameters(texts)
            );

    private long Add(ReadOnlySpan<string?> texts)
    {
        _count++;
        var (more, value) = extra is null ? ("", "") : ($", {extra}", ", 0");
        return (long)
            connection.Scalar(
                $"""
                INSERT INTO {table} ({string.Join(", ", columns)}{more}) VALUES ({string.Join(
                    ", ",
                    columns.Select(column => "$" + column)
                )}{value})
                RETURNING id
                """,
                Parameters(texts)
            )!;
    }

    private (string, object?)[] Parameters(ReadOnlySpan<string?> texts)
    {
        var parameters = new (string, object?)[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            parameters[i] = ("$" + columns[i], texts[i] ?? string.Empty);
        }

        return parameters;
    }
}
