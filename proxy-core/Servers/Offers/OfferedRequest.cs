using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;

namespace Tunnel.ProxyCore.Servers.Offers;

/// <summary>Requests to a server that does not offer everything to callers.</summary>
internal static class OfferedRequest
{
    /// <summary>
    /// Lets the request ask for what the server calls it. What cannot be read with certainty is refused where the server takes messages:
    /// a rule that a long body or another content type gets around is none.
    /// </summary>
    /// <param name="request">The head of the request.</param>
    /// <param name="body">Its body, read ahead.</param>
    /// <param name="server">Whose rules they are.</param>
    /// <param name="target">What the server will be asked for.</param>
    /// <returns>Why the request goes no further, or null.</returns>
    public static (ProxyError Error, string Detail)? Check(HttpRequest request, RequestBodyTap body, McpServer server, string target)
    {
        if (
            !HttpMethods.IsPost(request.Method)
            || request.ContentLength == 0
            || !MayBeMessage(request, server, RequestTarget.PathOf(target))
        )
        {
            return null;
        }

        if (body.Whole is not { } whole || OfferedCall.Read(whole, server.Offer) is not { } call)
        {
            return (ErrorCatalog.NotCheckable, "it is no JSON, too long, or says something twice");
        }

        if (call.Refused is { } refused)
        {
            return (ErrorCatalog.NotOffered, refused);
        }

        if (call.Changed is { } changed)
        {
            body.Replace(changed.Span);
            request.ContentLength = request.ContentLength is null ? null : changed.Length;
            request.Headers.Remove("Content-Digest");
            request.Headers.Remove("Digest");
        }

        if (call.Renamed is { } renamed)
        {
            MirroredName.Follow(request.Headers, renamed.Shown, renamed.Own);
        }

        return null;
    }

    // Whatever goes where messages are taken, whichever way a server compares paths; and elsewhere whatever could be read as JSON.
    private static bool MayBeMessage(HttpRequest request, McpServer server, string path)
    {
        var plainPath = path.TrimEnd('/');
        return plainPath.Equals(server.Endpoint.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            || server.Announced.Contains(path)
            || server.Announced.Contains(plainPath)
            || request.Headers.ContentEncoding.Count > 0
            || request.ContentType is null
            || request.ContentType.Contains("json", StringComparison.OrdinalIgnoreCase);
    }
}
