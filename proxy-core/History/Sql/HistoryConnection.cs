using System.Data.Common;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>A connection to the database of a history, for one operation. SQLite's answers before it returns, whatever its methods are called.</summary>
/// <param name="Inner">The connection, open.</param>
/// <param name="Dialect">How its database talks.</param>
/// <param name="Cancellation">Nobody wants to know any more.</param>
public sealed record HistoryConnection(DbConnection Inner, SqlDialect Dialect, CancellationToken Cancellation)
{
    /// <returns>How many rows changed.</returns>
    public async ValueTask<int> ExecuteAsync(string sql, params IReadOnlyList<(string Name, object? Value)> parameters)
    {
        await using var command = Prepare(sql, parameters);
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <returns>The first column of the first row, or null.</returns>
    public async ValueTask<object?> ScalarAsync(string sql, params IReadOnlyList<(string Name, object? Value)> parameters)
    {
        await using var command = Prepare(sql, parameters);
        return await command.ExecuteScalarAsync(Cancellation) is { } value and not DBNull ? value : null;
    }

    /// <returns>All rows; the statement bounds how many there are.</returns>
    public async ValueTask<IReadOnlyList<T>> QueryAsync<T>(
        Func<DbDataReader, T> read,
        string sql,
        params IReadOnlyList<(string Name, object? Value)> parameters
    )
    {
        List<T> rows = [];
        await ReadAsync(row => rows.Add(read(row)), sql, parameters);
        return rows;
    }

    /// <summary>Looks at all rows, however many they are.</summary>
    public async ValueTask ReadAsync(Action<DbDataReader> read, string sql, params IReadOnlyList<(string Name, object? Value)> parameters)
    {
        await using var command = Prepare(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            read(reader);
        }
    }

#pragma warning disable CA2100 // every caller passes a constant, and values as parameters
    private DbCommand Prepare(string sql, IReadOnlyList<(string Name, object? Value)> parameters)
    {
        var command = Inner.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value is string text ? SqlText.Storable(text) : value ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }
#pragma warning restore CA2100
}
