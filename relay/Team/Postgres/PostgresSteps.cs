using Tunnel.ProxyCore.History.Sql;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>Brings a schema up to date.</summary>
internal static class PostgresSteps
{
    /// <summary>How long a step may take. One that moves what a large project has takes minutes; who asks meanwhile is told to come again.</summary>
    private const int StepSeconds = 1800;

    /// <param name="connection">In a transaction, with the schema as the place of tables.</param>
    /// <param name="schema">The schema, made if it is not there.</param>
    /// <param name="table">A table of one row that remembers how many steps there were.</param>
    /// <param name="steps">Each makes of what the one before it has made.</param>
    /// <returns>True.</returns>
    /// <exception cref="NotSupportedException">A newer relay has made it.</exception>
    public static async ValueTask<bool> ApplyAsync(
        HistoryConnection connection,
        PostgresSchema schema,
        string table,
        IReadOnlyList<string> steps
    )
    {
        // Several relays may be at it.
        await connection.ScalarAsync("SELECT pg_advisory_xact_lock(hashtextextended(@schema, 0))", ("@schema", schema.Name));
        await connection.ExecuteAsync(
            $"""
            CREATE SCHEMA IF NOT EXISTS {schema.Quoted};
            CREATE TABLE IF NOT EXISTS {table} (steps INTEGER NOT NULL);
            INSERT INTO {table} (steps) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM {table});
            """
        );
        var done = (int)(await connection.ScalarAsync($"SELECT steps FROM {table}"))!;
        if (done > steps.Count)
        {
            throw new NotSupportedException("it was made by a newer version");
        }

        foreach (var step in steps.Skip(done))
        {
            await ExecuteAsync(connection, step);
        }

        if (done < steps.Count)
        {
            await connection.ExecuteAsync($"UPDATE {table} SET steps = @steps", ("@steps", steps.Count));
        }

        return true;
    }

#pragma warning disable CA2100 // steps are constants
    private static async Task ExecuteAsync(HistoryConnection connection, string step)
    {
        await using var command = connection.Inner.CreateCommand();
        (command.CommandText, command.CommandTimeout) = (step, StepSeconds);
        // Whoever asked first may go away; to begin again with the next one would never end.
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }
#pragma warning restore CA2100
}
