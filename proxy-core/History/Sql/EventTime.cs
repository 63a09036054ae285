using System.Globalization;
using Tunnel.ProxyCore.Events;

namespace Tunnel.ProxyCore.History.Sql;

/// <summary>When events happened.</summary>
public static class EventTime
{
    /// <summary>In milliseconds since 1970.</summary>
    public static long MillisecondsOf(McpEvent one) =>
        DateTimeOffset.TryParse(one.Ts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at.ToUnixTimeMilliseconds()
            : 0;
}
