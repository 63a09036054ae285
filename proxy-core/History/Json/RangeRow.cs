using Tunnel.ProxyCore.History.Queries;

namespace Tunnel.ProxyCore.History.Json;

/// <summary>From when to when.</summary>
public sealed record RangeRow(DateTimeOffset From, DateTimeOffset To)
{
    public static RangeRow Of(HistoryFilter filter) => new(filter.From.ToUniversalTime(), filter.To.ToUniversalTime());
}
