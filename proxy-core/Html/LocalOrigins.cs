using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Tunnel.ProxyCore.Html;

/// <summary>
/// The origins of a server as URLs in its pages may write them. A server on this machine's own address has several:
/// <c>http://localhost:5173</c>, <c>http://127.0.0.1:5173</c>, <c>http://[::1]:5173</c>.
/// </summary>
internal sealed class LocalOrigins
{
    private static readonly ImmutableArray<string> s_loopback = ["localhost", "127.0.0.1", "[::1]"];

    private readonly ImmutableArray<(bool IsSecure, byte[] Authority)> _origins;

    /// <param name="origins">Scheme and authority of each, such as <c>http://localhost:5173</c>.</param>
    public LocalOrigins(IEnumerable<string> origins) =>
        _origins = [
            .. origins
                .Select(origin => new Uri(origin))
                .SelectMany(WaysToWrite)
                .Distinct()
                .Select(way => (way.IsSecure, Encoding.ASCII.GetBytes(way.Authority))),
        ];

    /// <param name="isSecure">Whether the scheme is https or wss.</param>
    /// <param name="authority">Host and port as written, such as <c>LOCALHOST:5173</c>.</param>
    public bool Contains(bool isSecure, ReadOnlySpan<byte> authority)
    {
        foreach (var origin in _origins)
        {
            if (origin.IsSecure == isSecure && Ascii.EqualsIgnoreCase(origin.Authority, authority))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<(bool IsSecure, string Authority)> WaysToWrite(Uri origin)
    {
        var isSecure = origin.Scheme == Uri.UriSchemeHttps;
        foreach (var host in IsLoopback(origin) ? s_loopback : [origin.Host])
        {
            yield return (isSecure, $"{host}:{origin.Port}");
            if (origin.IsDefaultPort)
            {
                yield return (isSecure, host);
            }
        }
    }

    private static bool IsLoopback(Uri origin) =>
        origin.Host == "localhost" || (IPAddress.TryParse(origin.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));
}
