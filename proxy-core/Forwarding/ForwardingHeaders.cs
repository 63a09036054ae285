using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// The headers that tell an MCP server how the caller reached it: <c>Forwarded</c> (RFC 7239) and the older <c>X-Forwarded-*</c>.
/// Only the first of our own hops may write them; what a caller sends under these names is removed.
/// </summary>
public static class ForwardingHeaders
{
    private const string For = "X-Forwarded-For";
    private const string Host = "X-Forwarded-Host";
    private const string Proto = "X-Forwarded-Proto";
    private const string Prefix = "X-Forwarded-Prefix";
    private const string Forwarded = "Forwarded";

    /// <summary>Whether a caller could forge where it comes from with this header, or how long it took.</summary>
    public static bool IsForwardingHeader(string name) =>
        name.Length switch
        {
            9 => name.Equals(Forwarded, StringComparison.OrdinalIgnoreCase) || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase),
            > 10 => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Original-For", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Original-Proto", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Original-Host", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Original-URL", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Rewrite-URL", StringComparison.OrdinalIgnoreCase)
                || EdgeTimeHeaders.Are(name),
            _ => false,
        };

    /// <summary>Removes what the caller says about where it comes from, and says it ourselves.</summary>
    /// <param name="request">The request to write to.</param>
    /// <param name="scheme">The scheme that the caller used, which TLS termination in front of us may hide.</param>
    public static void Replace(HttpRequest request, string scheme)
    {
        RemoveConnectionNominated(request);
        List<string>? forged = null;
        foreach (var header in request.Headers)
        {
            if (IsForwardingHeader(header.Key))
            {
                (forged ??= []).Add(header.Key);
            }
        }

        foreach (var header in forged ?? [])
        {
            request.Headers.Remove(header);
        }

        Write(request, scheme);
    }

    /// <summary>Writes how this request came in; earlier values under these names must be gone.</summary>
    /// <param name="request">The request to write to.</param>
    /// <param name="scheme">The scheme that the caller used, which TLS termination in front of us may hide.</param>
    public static void Write(HttpRequest request, string scheme)
    {
        var host = request.Host.Value ?? string.Empty;
        var client = ClientAddress(request.HttpContext.Connection.RemoteIpAddress);
        var headers = request.Headers;
        headers[For] = client;
        headers[Host] = host;
        headers[Proto] = scheme;
        headers[Forwarded] = client.Contains(':', StringComparison.Ordinal)
            ? $"for=\"[{client}]\";host=\"{host}\";proto={scheme}"
            : $"for={client};host=\"{host}\";proto={scheme}";
    }

    /// <summary>Tells a server which part of the caller's path it does not get to see.</summary>
    /// <param name="request">The request to write to.</param>
    /// <param name="prefix">What callers put before the server's own paths, or nothing.</param>
    public static void WritePrefix(HttpRequest request, string prefix)
    {
        if (prefix.Length > 0)
        {
            request.Headers[Prefix] = prefix;
        }
    }

    /// <summary>The scheme that the caller used, as our first hop wrote it.</summary>
    public static string SchemeOf(HttpRequest request) => request.Headers[Proto] is [{ Length: > 0 } scheme] ? scheme : request.Scheme;

    /// <summary>The address of the caller, as our first hop wrote it; null where it did not know.</summary>
    public static IPAddress? ClientOf(HttpRequest request) =>
        request.Headers[For] is [{ } client] && IPAddress.TryParse(client, out var address) ? address : null;

    /// <summary>
    /// Turns an Origin that is the public one of this very request into the server's own, as Host is. Servers that guard against
    /// DNS rebinding know neither; an Origin of somebody else goes through for them to judge.
    /// </summary>
    public static void LocalizeOwnOrigin(HttpRequest request, string callerOrigin, string serverOrigin)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && origin.Equals(callerOrigin, StringComparison.OrdinalIgnoreCase))
        {
            request.Headers.Origin = serverOrigin;
        }
    }

    /// <summary>
    /// Removes headers that belong to one hop only because Connection names them (RFC 9110 section 7.6.1). Where it also says keep-alive
    /// or close, Kestrel leaves nothing else of it; the hop-by-hop headers that are known by name are removed by the forwarder in any case.
    /// </summary>
    public static void RemoveConnectionNominated(HttpRequest request)
    {
        var connection = request.Headers.Connection;
        if (connection.Count == 0)
        {
            return;
        }

        foreach (var name in request.Headers.GetCommaSeparatedValues(HeaderNames.Connection))
        {
            // Upgrade is what makes a WebSocket handshake; the forwarder treats it by itself.
            if (!name.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase) && !IsFraming(name))
            {
                request.Headers.Remove(name);
            }
        }
    }

    // A caller must not be able to take away what frames or routes its own message.
    private static bool IsFraming(string name) =>
        name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase);

    private static string ClientAddress(IPAddress? address) =>
        address switch
        {
            null => "unknown",
            { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
            // The zone (fe80::1%2) means something on this machine only.
            { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: not 0 } => new IPAddress(address.GetAddressBytes()).ToString(),
            _ => address.ToString(),
        };
}
