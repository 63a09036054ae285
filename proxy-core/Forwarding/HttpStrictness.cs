using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// Refuses what the server's parser lets through but the next hop might read differently: that difference is what request smuggling lives on.
/// </summary>
public static class HttpStrictness
{
    // token characters of RFC 9110 section 5.6.2
    private static readonly SearchValues<char> s_token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    /// <summary>Whether a text can be the name of a header or a method (RFC 9110 section 5.6.2).</summary>
    public static bool IsToken(string name) => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(s_token);

    /// <returns>What is wrong with the request, or null.</returns>
    public static string? FindFault(HttpRequest request)
    {
        foreach (var header in request.Headers)
        {
            // HTTP/2 pseudo-header fields are the server's own.
            if (!IsToken(header.Key) && !header.Key.StartsWith(':'))
            {
                return "a header name has characters that RFC 9110 section 5.6.2 does not allow";
            }
        }

        // The server has put the Content-Length of such a request aside under another name.
        return request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey("X-Content-Length")
            ? "a request has either Content-Length or Transfer-Encoding"
            : null;
    }
}
