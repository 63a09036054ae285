using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// A key in the query, <c>/sse?auth_key=…</c>, for clients that can be given nothing but a URL. URLs get into logs and histories, so it has to be
/// switched on. The server never sees it; the endpoint that an HTTP+SSE server announces to such a client gets it back.
/// </summary>
internal static class KeyInQuery
{
    private const string Parameter = "auth_key=";

    private static readonly object s_item = new();

    /// <summary>The parameter as this caller wrote it, once it was found to be a key; null where there was none.</summary>
    public static string? Of(HttpContext context) => context.Items[s_item] as string;

    /// <summary>Takes a key out of the request.</summary>
    /// <returns>Whether there was one that fits.</returns>
    public static bool Take(HttpRequest request, Func<string, bool> fits)
    {
        var feature = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>();
        var target = feature.RawTarget.Split('?', 2);
        if (target.Length < 2)
        {
            return false;
        }

        var parts = target[1].Split('&');
        var key = Array.Find(parts, part => part.StartsWith(Parameter, StringComparison.Ordinal));
        if (key is null || !fits(Uri.UnescapeDataString(key[Parameter.Length..])))
        {
            return false;
        }

        var rest = string.Join('&', parts.Where(part => part != key));
        feature.RawTarget = rest.Length > 0 ? $"{target[0]}?{rest}" : target[0];
        request.QueryString = rest.Length > 0 ? new QueryString("?" + rest) : QueryString.Empty;
        request.HttpContext.Items[s_item] = key;
        return true;
    }
}
