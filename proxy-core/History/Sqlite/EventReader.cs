using Microsoft.Data.Sqlite;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;
using Tunnel.ProxyCore.Sqlite;

namespace Tunnel.ProxyCore.History.Sqlite;

/// <summary>Makes events of rows again.</summary>
internal static class EventReader
{
    /// <summary>For a statement that chooses rows of <c>events</c> as <c>e</c>.</summary>
    public const string Select = """
        SELECT e.sequence, e.id, e.session, e.at, s.type, s.server, s.method, s.tool, s.client, s.client_version, s.protocol_version, s.upstream,
               n.key, e.user, e.status, f.code, f.message, d.path, d.reason, d.widget, d.directive, d.blocked_uri, d.fix, e.http_status, e.latency,
               e.read_time, e.wait_time, e.upstream, e.bytes_in, e.bytes_out, e.request_id, e.batch, e.csp_applied,
               e.rewrite_time, e.edge_time, e.hold_time, e.tunnel_time
        FROM events e JOIN series s ON s.id = e.series LEFT JOIN sessions n ON n.id = e.session LEFT JOIN failures f ON f.id = e.failure
             LEFT JOIN details d ON d.id = e.detail
        """;

    public static StoredEvent Read(SqliteDataReader row)
    {
        var at = row.Time(3);
        var (latency, upstream) = (row.Int64OrNull(24), row.Int64OrNull(27));
        return new StoredEvent(
            row.GetInt64(0),
            new Guid((byte[])row.GetValue(1), bigEndian: true),
            row.Int64OrNull(2),
            at,
            new McpEvent
            {
                Ts = McpEvent.Timestamp(at),
                Type = row.GetString(4),
                Server = Text(5),
                Method = Text(6),
                Tool = Text(7),
                Client = Text(8),
                ClientVersion = Text(9),
                ProtocolVersion = Text(10),
                Upstream = Text(11),
                Session = Text(12),
                User = Text(13),
                Status = Outcomes.NameOf(row.Int64OrNull(14)),
                ErrorCode = Text(15),
                ErrorMessage = Text(16),
                Path = Text(17),
                Reason = Text(18),
                Widget = Text(19),
                Directive = Text(20),
                BlockedUri = Text(21),
                Fix = Text(22),
                HttpStatus = (int?)row.Int64OrNull(23),
                LatencyMs = latency / 1000,
                UpstreamMs = upstream / 1000,
                OverheadMs = (latency - upstream) / 1000,
                TimingUs =
                    row.Int64OrNull(25) is { } read && row.Int64OrNull(26) is { } wait
                        ? new EventTiming(
                            latency ?? 0,
                            read,
                            wait,
                            upstream ?? 0,
                            row.Int64OrNull(33),
                            row.Int64OrNull(34),
                            row.Int64OrNull(35),
                            row.Int64OrNull(36)
                        )
                        : null,
                BytesIn = row.Int64OrNull(28),
                BytesOut = row.Int64OrNull(29),
                RequestId = Text(30),
                Batch = (int?)row.Int64OrNull(31),
                CspApplied = row.Int64OrNull(32) is { } applied ? applied != 0 : null,
            }
        );

        string? Text(int column) => row.IsDBNull(column) || row.GetString(column) is not { Length: > 0 } text ? null : text;
    }
}
