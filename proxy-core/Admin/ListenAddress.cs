using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace Tunnel.ProxyCore.Admin;

/// <summary>Ports and addresses to listen on, as people write them.</summary>
public static class ListenAddress
{
    public static bool ParsePort(string text, out int value, [NotNullWhen(false)] out string? problem)
    {
        var isPort = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= IPEndPoint.MaxPort;
        problem = isPort ? null : $"'{text}' is no port; ports are 1 to 65535, and 0 picks a free one";
        return isPort;
    }

    public static bool ParseHost(string text, [MaybeNullWhen(false)] out IPAddress value, [NotNullWhen(false)] out string? problem)
    {
        // IPAddress would read a plain number as an address too.
        value =
            text.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
            : text.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(text, out var address) ? address
            : null;
        problem = value is null ? $"'{text}' is no IP address; 127.0.0.1 is this machine only, 0.0.0.0 every interface" : null;
        return problem is null;
    }

    /// <summary><c>9464</c> and <c>:9464</c> are on loopback; <c>0.0.0.0:9464</c>, <c>[::1]:9464</c>, <c>localhost:9464</c>.</summary>
    public static bool ParseEndPoint(string text, [MaybeNullWhen(false)] out IPEndPoint value, [NotNullWhen(false)] out string? problem)
    {
        value = null;
        var colon = text.LastIndexOf(':');
        var host = colon <= 0 ? "localhost" : text[..colon];
        if (ParsePort(text[(colon + 1)..], out var port, out problem) && ParseHost(host.Trim('[', ']'), out var address, out problem))
        {
            value = new IPEndPoint(address, port);
        }

        return value is not null;
    }
}
