namespace Tunnel.ProxyCore.History.Sql;

/// <summary>What databases say differently. Everything else of the statements is the same for all.</summary>
public sealed record SqlDialect
{
    public static readonly SqlDialect Sqlite = new()
    {
        Like = "LIKE",
        Greatest = "MAX",
        Least = "MIN",
        InOrder = "CROSS JOIN",
        SlowEvents = "events e INDEXED BY events_slow",
        HasLateral = false,
    };

    public static readonly SqlDialect Postgres = new()
    {
        Like = "ILIKE",
        Greatest = "GREATEST",
        Least = "LEAST",
        InOrder = "JOIN",
        SlowEvents = "events e",
        HasLateral = true,
    };

    /// <summary>Compares with a pattern, without regard to case.</summary>
    public required string Like { get; init; }

    /// <summary>The function for the greatest of several values of one row.</summary>
    public required string Greatest { get; init; }

    public required string Least { get; init; }

    /// <summary>The sum of a table of losses. Senders say how many they lost, and could say more than a number holds.</summary>
    public string Lost => $"CAST({Least}(COALESCE(SUM(count * 1.0), 0), 9e18) AS BIGINT)";

    /// <summary>Joins tables in the order in which they are written, where the database can be told so.</summary>
    public required string InOrder { get; init; }

    /// <summary>The table of events as <c>e</c>, to be read by the index of those that could be slow, where the database can be told so.</summary>
    public required string SlowEvents { get; init; }

    /// <summary>Whether a statement within FROM may refer to what stands before it, and so need not be planned for each row of that.</summary>
    public required bool HasLateral { get; init; }
}
