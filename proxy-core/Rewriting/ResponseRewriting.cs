using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.ProxyCore.OAuth;
using Tunnel.ProxyCore.Pages;

namespace Tunnel.ProxyCore.Rewriting;

/// <summary>
/// Applies the rules about responses, and takes care of what every changed body needs: no length, no coding, no digest, no ranges.
/// OAuth headers are translated, and event streams kept alive, in any case.
/// </summary>
internal sealed class ResponseRewriting(
    IEnumerable<IResponseRule> rules,
    OAuthHeaders oauth,
    EventStreamKeepAlive keepAlive,
    EndpointVisit visit,
    TimeProvider time
)
{
    private readonly IResponseRule[] _rules = [.. rules];
    private readonly OAuthHeaders _oauth = oauth;
    private readonly EventStreamKeepAlive _keepAlive = keepAlive;
    private readonly EndpointVisit _visit = visit;
    private readonly TimeProvider _time = time;

    /// <summary>What stands between server and caller in this exchange.</summary>
    public IResponseFilter For(ExchangeScope exchange) => new Filter(this, exchange, MayRewrite(exchange));

    /// <summary>A body that no server sent, as it is to be sent. Status and headers are set; whoever sends it takes care of length and tag.</summary>
    /// <returns>Null where nothing changes it.</returns>
    public Stream? Rewrite(Stream body, ExchangeScope exchange) =>
        RewriterOf(exchange) is { } rewriter ? new RewritingStream(body, rewriter, exchange, _time) : null;

    private IBodyRewriter? RewriterOf(ExchangeScope exchange)
    {
        IBodyRewriter? all = null;
        foreach (var rule in _rules)
        {
            if (rule.MayApply(exchange) && rule.Begin(exchange) is { } rewriter)
            {
                all = all is null ? rewriter : new RewriterChain(all, rewriter);
            }
        }

        return all;
    }

    private bool MayRewrite(ExchangeScope exchange)
    {
        foreach (var rule in _rules)
        {
            if (rule.MayApply(exchange))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Filter(ResponseRewriting rewriting, ExchangeScope exchange, bool mayRewrite) : IResponseFilter
    {
        public void Prepare(HttpRequestMessage request)
        {
            if (mayRewrite)
            {
                // A part, or a coding we would have to undo, only costs.
                request.Headers.Remove(HeaderNames.AcceptEncoding);
                request.Headers.Remove(HeaderNames.Range);
                request.Headers.Remove(HeaderNames.IfRange);
            }
        }

        public async ValueTask ApplyAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
        {
            if (rewriting._visit.MayApply(exchange) && EndpointVisit.Apply(exchange, response))
            {
                return;
            }

            if (!exchange.IsOfWidgets)
            {
                rewriting._oauth.Translate(exchange);
            }

            if (mayRewrite)
            {
                await RewriteAsync(context, response, cancellationToken);
            }

            await rewriting._keepAlive.ApplyAsync(context, response, cancellationToken);
        }

        private async ValueTask RewriteAsync(HttpContext context, HttpResponseMessage response, CancellationToken cancellationToken)
        {
            // What is not modified has no body to change, and its headers are about the one that the caller has.
            if (context.Response.StatusCode == StatusCodes.Status304NotModified)
            {
                return;
            }

            var headers = context.Response.Headers;
            var coding = headers.ContentEncoding.ToString();
            if (!ContentDecoding.CanDecode(coding) || rewriting.RewriterOf(exchange) is not { } rewriter)
            {
                return;
            }

            if (HttpMethods.IsHead(context.Request.Method))
            {
                Disclaim(headers);
                return;
            }

            if (rewriter is IWholeBodyRewriter whole && coding.Length == 0 && headers.ContentLength <= whole.Limit)
            {
                await RewriteWholeAsync(whole, headers, response, cancellationToken);
                return;
            }

            Disclaim(headers);
            var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            response.Content = new StreamContent(
                new RewritingStream(ContentDecoding.Decode(body, coding)!, rewriter, exchange, rewriting._time)
            );
        }

        private async ValueTask RewriteWholeAsync(
            IWholeBodyRewriter rewriter,
            IHeaderDictionary headers,
            HttpResponseMessage response,
            CancellationToken cancellationToken
        )
        {
            var held = await HeldContent.ReadAsync(response.Content, (int)headers.ContentLength!.Value, cancellationToken);
            var began = rewriting._time.GetTimestamp();
            var rewritten = rewriter.Rewrite(held.Body);
            exchange.RewritingTime += rewriting._time.GetElapsedTime(began);
            if (rewritten is { } changed)
            {
                Disclaim(headers);
                headers.ContentLength = changed.Length;
                held.Dispose();
                response.Content = new ReadOnlyMemoryContent(changed);
            }
            else
            {
                response.Content = held;
            }
        }

        /// <summary>Takes back what the server said of a body that is no longer its own.</summary>
        private static void Disclaim(IHeaderDictionary headers)
        {
            headers.ContentLength = null;
            headers.Remove(HeaderNames.ContentEncoding);
            headers.Remove(HeaderNames.AcceptRanges);
            headers.Remove(HeaderNames.ContentMD5);
            headers.Remove("Content-Digest");
            headers.Remove("Repr-Digest");
            headers.Remove("Digest");
            Weaken(headers);
        }

        // A strong tag promises bytes that are not what we send; a weak one still lets the server answer 304.
        private static void Weaken(IHeaderDictionary headers)
        {
            if (headers.ETag.ToString() is ['"', ..] tag)
            {
                headers.ETag = "W/" + tag;
            }
        }
    }
}
