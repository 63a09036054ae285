using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>The versions of tools' definitions.</summary>
public static class ToolTable
{
    /// <summary>Versions of one tool that are kept; a server that changes more often than that changes with every answer.</summary>
    private const int MaxVersions = 50;

    /// <summary>Tools of one server; of more, the first ones listed.</summary>
    private const int MaxTools = 2_000;

    public static async ValueTask WriteAsync(HistoryConnection connection, ToolListing listing)
    {
        var at = listing.At.ToUnixTimeMilliseconds();
        foreach (var tool in listing.Tools)
        {
            await WriteAsync(connection, listing.Server, tool, at);
        }

        if (listing.IsComplete)
        {
            await connection.ExecuteAsync(
                $"""
                INSERT INTO listings (server, last_at) VALUES (@server, @at)
                ON CONFLICT (server) DO UPDATE SET last_at = {connection.Dialect.Greatest}(listings.last_at, excluded.last_at)
                """,
                ("@server", listing.Server),
                ("@at", at)
            );
        }
    }

    internal static ValueTask<IReadOnlyList<ToolVersion>> ReadAsync(HistoryConnection connection, HistoryFilter filter)
    {
        var where = new SqlFilter().AndIn("t.server", filter.Servers).AndIn("t.tool", filter.Tools);
        return connection.QueryAsync(
            row => new ToolVersion(
                new ToolKey(row.GetString(0), row.GetString(1)),
                row.GetInt32(2),
                row.GetString(3),
                row.GetString(4),
                row.MomentOf(5),
                row.MomentOf(6),
                row.IsDBNull(7) ? null : row.GetBoolean(7)
            ),
            $"""
            SELECT t.server, t.tool, t.version, t.hash, t.json, t.first_at, t.last_at,
                   (SELECT MAX(o.last_at) FROM tools o WHERE o.server = t.server AND o.tool = t.tool) >= l.last_at
            FROM tools t LEFT JOIN listings l ON l.server = t.server WHERE {where.Sql} ORDER BY t.server, t.tool, t.version DESC
            """,
            where.Parameters
        );
    }

    private static async ValueTask WriteAsync(HistoryConnection connection, string server, ToolDefinition tool, long at)
    {
        (string, object?)[] name = [("@server", server), ("@tool", tool.Name)];
        (string, object?)[] key = [.. name, ("@hash", tool.Hash), ("@at", at)];
        if (
            await connection.ExecuteAsync(
                $"""
                UPDATE tools SET last_at = {connection.Dialect.Greatest}(last_at, @at), first_at = {connection.Dialect.Least}(first_at, @at)
                WHERE server = @server AND tool = @tool AND hash = @hash
                """,
                key
            ) > 0
        )
        {
            return;
        }

        await connection.ExecuteAsync(
            $"""
            INSERT INTO tools (server, tool, version, hash, json, first_at, last_at)
            SELECT @server, @tool, 1 + COALESCE((SELECT MAX(version) FROM tools WHERE server = @server AND tool = @tool), 0), @hash, @json, @at, @at
            WHERE EXISTS (SELECT 1 FROM tools WHERE server = @server AND tool = @tool)
               OR (SELECT COUNT(DISTINCT tool) FROM tools WHERE server = @server) < {MaxTools}
            """,
            [.. key, ("@json", tool.Json)]
        );
        await connection.ExecuteAsync(
            $"""
            DELETE FROM tools WHERE server = @server AND tool = @tool
                AND version <= (SELECT MAX(version) FROM tools WHERE server = @server AND tool = @tool) - {MaxVersions}
            """,
            name
        );
    }
}
