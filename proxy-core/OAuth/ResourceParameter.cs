using System.Text;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Rewriting;

namespace Tunnel.ProxyCore.OAuth;

/// <summary>
/// The resource that a client wants a token for (RFC 8707 section 2), in the query of the authorization endpoint and the form of the token
/// endpoint: the server gets to hear the name that it gave itself.
/// </summary>
internal sealed class ResourceParameter(OAuthPaths paths, ResourceNames resources)
{
    private const string Name = "resource";

    /// <summary>Longer than any such form; one that is longer goes through as it is.</summary>
    private const int MaxForm = 64 * 1024;

    /// <summary>How long a form may take to come.</summary>
    private static readonly TimeSpan s_formLimit = TimeSpan.FromSeconds(60);

    /// <param name="exchange">A request that has not been sent on.</param>
    /// <param name="target">What the server is to be asked for, in origin form.</param>
    /// <returns>What to ask for instead.</returns>
    /// <exception cref="IOException">The caller went away or broke the framing of its body.</exception>
    /// <exception cref="OperationCanceledException">The caller sent nothing for too long.</exception>
    public async ValueTask<string> LocalizeAsync(ExchangeScope exchange, string target)
    {
        if (!paths.IsEndpoint(exchange.Path))
        {
            return target;
        }

        var urls = PublicUrls.Of(exchange);
        var request = exchange.Context.Request;
        if (HttpMethods.IsPost(request.Method) && IsForm(request.ContentType) && request.ContentLength is > 0 and <= MaxForm)
        {
            await LocalizeFormAsync(exchange, urls, (int)request.ContentLength);
        }

        var query = target.IndexOf('?', StringComparison.Ordinal) + 1;
        return query == 0 ? target : target[..query] + Replace(target[query..], exchange, urls);
    }

    private async Task LocalizeFormAsync(ExchangeScope exchange, PublicUrls urls, int length)
    {
        var request = exchange.Context.Request;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(exchange.Context.RequestAborted);
        limit.CancelAfter(s_formLimit);
        var form = new byte[length];
        await request.Body.ReadExactlyAsync(form, limit.Token);
        // Byte for byte there and back, whatever the form's charset is.
        var localized = Encoding.Latin1.GetBytes(Replace(Encoding.Latin1.GetString(form), exchange, urls));
        request.Body = new MemoryStream(localized, writable: false);
        request.ContentLength = localized.Length;
    }

    private string Replace(string parameters, ExchangeScope exchange, PublicUrls urls) =>
        QueryParameters.Replace(parameters, Name, said => resources.Find(exchange.UpstreamOrigin, urls, said));

    private static bool IsForm(string? contentType) =>
        contentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
}
