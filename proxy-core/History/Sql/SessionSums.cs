using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>Counts what happened in the sessions of a batch.</summary>
public sealed class SessionSums
{
    /// <summary>What a session that its client ended has for a reason; an event has none then.</summary>
    private const string Closed = "closed";

    private readonly Dictionary<long, SessionSum> _sums = [];

    /// <summary>By the row of the session.</summary>
    public IReadOnlyDictionary<long, SessionSum> Sums => _sums;

    public void Add(long session, long at, McpEvent one)
    {
        if (!_sums.TryGetValue(session, out var sum))
        {
            _sums[session] = sum = new SessionSum();
        }

        sum.First = Math.Min(sum.First, at);
        sum.Identity = one.Client is not null || sum.Identity is null ? one : sum.Identity;
        if (one.Type == EventTypes.SessionEnd)
        {
            (sum.EndedAt, sum.Reason) = (at, one.Reason ?? Closed);
        }

        // The end of a session that was idle comes long after the last thing that happened in it.
        if (one.LatencyMs is null)
        {
            return;
        }

        sum.Last = Math.Max(sum.Last, at);
        sum.Requests++;
        sum.Calls += one.Type == EventTypes.ToolCall ? 1 : 0;
        sum.Errors += one.Status is null or Outcomes.Ok ? 0 : 1;
    }
}
