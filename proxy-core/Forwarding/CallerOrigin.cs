using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>The origin (RFC 6454) that a caller used to reach us, which only the first hop knows for sure.</summary>
internal static class CallerOrigin
{
    /// <summary>The origin of a request whose forwarding headers are our own: <c>https://brave-otter.tunnel.example.com</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="publicUrl">Where callers outside reach us; a request for its host came that way, and its scheme may have got lost on it.</param>
    public static string Of(HttpRequest request, Uri? publicUrl) =>
        publicUrl?.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase) == true
            ? publicUrl.GetLeftPart(UriPartial.Authority)
            : $"{ForwardingHeaders.SchemeOf(request)}://{request.Host.Value}";

    /// <summary>Whether a host could load from it: the port of this machine is no such place, a tunnel's name below localhost is.</summary>
    public static bool IsPublic(string origin) => Uri.TryCreate(origin, UriKind.Absolute, out var uri) && !IsLoopback(uri.IdnHost);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
