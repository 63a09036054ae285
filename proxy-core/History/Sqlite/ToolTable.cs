using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>The versions of tools' definitions.</summary>
internal static class ToolTable
{
    /// <summary>Versions of one tool that are kept; a server that changes more often than that changes with every answer.</summary>
    private const int MaxVersions = 50;

    /// <summary>Tools of one server; of more, the first ones listed.</summary>
    private const int MaxTools = 2_000;

    public static void Write(SqliteConnection connection, ToolListing listing)
    {
        var at = listing.At.ToUnixTimeMilliseconds();
        foreach (var tool in listing.Tools)
        {
            Write(connection, listing.Server, tool, at);
        }

        if (listing.IsComplete)
        {
            connection.Execute(
                "INSERT INTO listings (server, last_at) VALUES ($server, $at) ON CONFLICT (server) DO UPDATE SET last_at = MAX(last_at, $at)",
                ("$server", listing.Server),
                ("$at", at)
            );
        }
    }

    public static IReadOnlyList<ToolVersion> Read(SqliteConnection connection, HistoryFilter filter)
    {
        var where = new SqlFilter().AndIn("t.server", filter.Servers).AndIn("t.tool", filter.Tools);
        return connection.Query(
            row => new ToolVersion(
                new ToolKey(row.GetString(0), row.GetString(1)),
                row.GetInt32(2),
                row.GetString(3),
                row.GetString(4),
                row.Time(5),
                row.Time(6),
                row.IsDBNull(7) ? null : row.GetInt64(7) != 0
            ),
            $"""
            SELECT t.server, t.tool, t.version, t.hash, t.json, t.first_at, t.last_at,
                   (SELECT MAX(o.last_at) FROM tools o WHERE o.server = t.server AND o.tool = t.tool) >= l.last_at
            FROM tools t LEFT JOIN listings l ON l.server = t.server WHERE {where.Sql} ORDER BY t.server, t.tool, t.version DESC
            """,
            where.Parameters
        );
    }

    private static void Write(SqliteConnection connection, string server, ToolDefinition tool, long at)
    {
        (string, object?)[] key = [("$server", server), ("$tool", tool.Name), ("$hash", tool.Hash), ("$at", at)];
        if (
            connection.Execute(
                "UPDATE tools SET last_at = MAX(last_at, $at), first_at = MIN(first_at, $at) WHERE server = $server AND tool = $tool AND hash = $hash",
                key
            ) > 0
        )
        {
            return;
        }

        connection.Execute(
            $"""
            INSERT INTO tools (server, tool, version, hash, json, first_at, last_at)
            SELECT $server, $tool, 1 + COALESCE((SELECT MAX(version) FROM tools WHERE server = $server AND tool = $tool), 0), $hash, $json, $at, $at
            WHERE EXISTS (SELECT 1 FROM tools WHERE server = $server AND tool = $tool)
               OR (SELECT COUNT(DISTINCT tool) FROM tools WHERE server = $server) < {MaxTools}
            """,
            [.. key, ("$json", tool.Json)]
        );
        connection.Execute(
            $"""
            DELETE FROM tools WHERE server = $server AND tool = $tool
                AND version <= (SELECT MAX(version) FROM tools WHERE server = $server AND tool = $tool) - {MaxVersions}
            """,
            key
        );
    }
}
