using System.Text;
using Tunnel.ProxyCore.Events;

namespace Tunnel.Relay.Team.Postgres;

/// <summary>
/// What rows take with their share of all indexes, in bytes: <c>pg_total_relation_size</c> by rows after <c>bench/history</c> had written a million events. They
/// are counted, since PostgreSQL keeps the room of rows that are gone. Found were 390 for an event, 206 for sums and 549 for a session.
/// </summary>
internal static class PostgresSizes
{
    /// <summary>Without its own texts.</summary>
    public const long Event = 385;

    /// <summary>Sums of a step, without the histogram. With what is left free for the next change in place.</summary>
    public const long Rollup = 220;

    /// <summary>One that was written to in several batches, with the room of the row that each of them has replaced.</summary>
    public const long Session = 560;

    public const long Loss = 100;

    public static long Of(McpEvent one) =>
        Event + Encoding.UTF8.GetByteCount(one.User ?? string.Empty) + Encoding.UTF8.GetByteCount(one.RequestId ?? string.Empty);
}
