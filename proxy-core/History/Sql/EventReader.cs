using System.Data.Common;
using Tunnel.ProxyCore.Events;
using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Makes events of rows again.</summary>
internal static class EventReader
{
    /// <summary>For a statement that chooses rows of <c>events</c> as <c>e</c>.</summary>
    public const string Select = """
        SELECT e.sequence, e.id, e.session, e.at, s.type, s.server, s.method, s.tool, s.client, s.client_version, s.protocol_version, s.upstream,
               n.key, e."user", e.status, f.code, f.message, d.path, d.reason, d.widget, d.directive, d.blocked_uri, d.fix, e.http_status, e.latency,
               e.read_time, e.wait_time, e.upstream, e.bytes_in, e.bytes_out, e.request_id, e.batch, e.csp_applied,
               e.rewrite_time, e.edge_time, e.hold_time, e.tunnel_time
        FROM events e JOIN series s ON s.id = e.series LEFT JOIN sessions n ON n.id = e.session LEFT JOIN failures f ON f.id = e.failure
             LEFT JOIN details d ON d.id = e.detail
        """;

    public static StoredEvent Read(DbDataReader row)
    {
        var at = row.MomentOf(3);
        var (latency, upstream) = (row.NumberOrNull(24), row.NumberOrNull(27));
        return new StoredEvent(
            row.GetInt64(0),
            row.IdOf(1),
            row.NumberOrNull(2),
            at,
            new McpEvent
            {
                Ts = McpEvent.Timestamp(at),
                Type = row.GetString(4),
                Server = row.TextOrNull(5),
                Method = row.TextOrNull(6),
                Tool = row.TextOrNull(7),
                Client = row.TextOrNull(8),
                ClientVersion = row.TextOrNull(9),
                ProtocolVersion = row.TextOrNull(10),
                Upstream = row.TextOrNull(11),
                Session = row.TextOrNull(12),
                User = row.TextOrNull(13),
                Status = Outcomes.NameOf(row.NumberOrNull(14)),
                ErrorCode = row.TextOrNull(15),
                ErrorMessage = row.TextOrNull(16),
                Path = row.TextOrNull(17),
                Reason = row.TextOrNull(18),
                Widget = row.TextOrNull(19),
                Directive = row.TextOrNull(20),
                BlockedUri = row.TextOrNull(21),
                Fix = row.TextOrNull(22),
                HttpStatus = (int?)row.NumberOrNull(23),
                LatencyMs = latency / 1000,
                UpstreamMs = upstream / 1000,
                OverheadMs = (latency - upstream) / 1000,
                TimingUs =
                    row.NumberOrNull(25) is { } read && row.NumberOrNull(26) is { } wait
                        ? new EventTiming(
                            latency ?? 0,
                            read,
                            wait,
                            upstream ?? 0,
                            row.NumberOrNull(33),
                            row.NumberOrNull(34),
                            row.NumberOrNull(35),
                            row.NumberOrNull(36)
                        )
                        : null,
                BytesIn = row.NumberOrNull(28),
                BytesOut = row.NumberOrNull(29),
                RequestId = row.TextOrNull(30),
                Batch = (int?)row.NumberOrNull(31),
                CspApplied = row.IsDBNull(32) ? null : row.GetBoolean(32),
            }
        );
    }
}
