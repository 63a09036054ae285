using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// How long a request was at the relay, for the connector: <c>mcpr-edge-time: 153</c> in microseconds, and <c>mcpr-hold-time</c> where it had to wait.
/// Durations and no times, since two machines have two clocks. Nobody else may say them, and no server gets to see them.
/// </summary>
public static class EdgeTimeHeaders
{
    private const string Edge = "mcpr-edge-time";
    private const string Held = "mcpr-hold-time";

    /// <summary>Digits of the longest time that is believed, which is 11 days.</summary>
    private const int MaxDigits = 12;

    /// <summary>Whether a header is one of these.</summary>
    public static bool Are(string name) =>
        name.Length == Edge.Length
        && (name.Equals(Edge, StringComparison.OrdinalIgnoreCase) || name.Equals(Held, StringComparison.OrdinalIgnoreCase));

    /// <param name="request">A request on its way into the tunnel, or to a relay that sends it there.</param>
    /// <param name="edge">How long it was at relays.</param>
    /// <param name="held">The part of it in which no connector was there.</param>
    public static void Write(HttpRequest request, TimeSpan edge, TimeSpan held)
    {
        request.Headers[Edge] = Microseconds(edge);
        if (held > TimeSpan.Zero)
        {
            request.Headers[Held] = Microseconds(held);
        }
    }

    /// <summary>Reads and removes them. Whoever calls this knows that our own hop has sent the request.</summary>
    /// <returns>Null where a relay says nothing.</returns>
    public static (TimeSpan Edge, TimeSpan Held)? Take(HttpRequest request)
    {
        // Both in any case: a relay that does not know them lets those of a caller through.
        var (edge, held) = (Take(request, Edge), Take(request, Held));
        return edge is { } known ? (known, held ?? TimeSpan.Zero) : null;
    }

    private static TimeSpan? Take(HttpRequest request, string name) =>
        request.Headers.Remove(name, out var values)
        && values is [{ Length: <= MaxDigits } text]
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds)
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    private static string Microseconds(TimeSpan time) => (time.Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);
}
