using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Exchanges;
using Yarp.ReverseProxy.Forwarder;

namespace Tunnel.ProxyCore.Forwarding;

/// <summary>
/// Forwards one exchange as it is: raw target, headers, bodies and trailers, every piece when it comes. Both hops of a tunnel use it,
/// the relay towards the connector and the connector towards the MCP server.
/// </summary>
public sealed class StreamingForwarder(IHttpForwarder forwarder)
{
    /// <summary>
    /// A stream on which nothing at all happens for this long is given up. It only has to be finite: live peers are told from dead ones
    /// by pings, and an idle event stream is healthy.
    /// </summary>
    public static readonly TimeSpan IdleStreamLimit = TimeSpan.FromHours(24);

    private static readonly ForwarderRequestConfig s_http11 = Config(HttpVersion.Version11);
    private static readonly ForwarderRequestConfig s_http2 = Config(HttpVersion.Version20);

    /// <summary>Sends the request on and its response back. Where the outcome says that nothing was answered, the response is the caller's to write.</summary>
    /// <param name="context">The exchange.</param>
    /// <param name="originForm">The target to ask for, from <see cref="RequestTarget.OriginForm"/>.</param>
    /// <param name="destination">The next hop.</param>
    /// <param name="requestBody">The body of <paramref name="context"/>; as long as it moves, the next hop is not late.</param>
    /// <param name="filter">What may change the response, if anything.</param>
    public async ValueTask<ForwardOutcome> SendAsync(
        HttpContext context,
        string originForm,
        ForwardDestination destination,
        RequestBodyTap requestBody,
        IResponseFilter? filter = null
    )
    {
        using var headersLimit = HeadersLimit.Start(destination.HeadersTimeout);
        requestBody.Progressed = headersLimit.Postpone;
        var transformer = new ExchangeTransformer(originForm, destination, requestBody, filter, headersLimit);
        var config = destination.HttpVersion.Major == 2 ? s_http2 : s_http11;
        var error = await forwarder.SendAsync(context, destination.Origin, destination.Invoker, config, transformer, headersLimit.Token);
        await requestBody.StopCopyingAsync();
        requestBody.Progressed = null;
        if (error == ForwarderError.None)
        {
            return ForwardOutcome.Completed;
        }

        if (context.RequestAborted.IsCancellationRequested && error is not ForwarderError.ResponseBodyDestination)
        {
            return ForwardOutcome.CallerLeft;
        }

        if (context.Response.HasStarted)
        {
            return ForwardOutcome.Aborted;
        }

        context.Response.Clear();
        if (headersLimit.HasPassed && !transformer.HeadersReceived)
        {
            return ForwardOutcome.TimedOut;
        }

        return error switch
        {
            ForwarderError.RequestBodyClient when !WasReadInVain(context) => ForwardOutcome.CallerBroke,
            // Nobody works on a message of which nothing has come.
            ForwarderError.RequestBodyClient when requestBody.BytesRead == 0 => ForwardOutcome.NotConnected,
            _ when NeverConnected(context) => ForwardOutcome.NotConnected,
            _ => ForwardOutcome.Broke,
        };
    }

    private static ForwarderRequestConfig Config(Version version) =>
        new()
        {
            Version = version,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            ActivityTimeout = IdleStreamLimit,
        };

    /// <summary>Whether reading the request was given up because the next hop was lost meanwhile. The forwarder blames the caller for that.</summary>
    private static bool WasReadInVain(HttpContext context) =>
        context.GetForwarderErrorFeature()?.Exception is AggregateException { InnerExceptions: [OperationCanceledException, ..] };

    private static bool NeverConnected(HttpContext context)
    {
        var exception = context.GetForwarderErrorFeature()?.Exception;
        return exception
                is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }
            || exception?.InnerException is SocketException
            || IsGone(exception)
            // How SocketsHttpHandler says that its ConnectTimeout is over.
            || exception is OperationCanceledException { InnerException: TimeoutException };
    }

    // The HTTP client puts what its stream threw into an exception of its own, or into two; the forwarder puts it beside what became of the body.
    private static bool IsGone(Exception? exception) =>
        exception switch
        {
            null => false,
            NextHopGoneException => true,
            AggregateException several => several.InnerExceptions.Any(IsGone),
            _ => IsGone(exception.InnerException),
        };

    private sealed class ExchangeTransformer(
        string originForm,
        ForwardDestination destination,
        RequestBodyTap requestBody,
        IResponseFilter? filter,
        HeadersLimit headersLimit
    ) : HttpTransformer
    {
        private ChunkedBodyWithTrailers? _trailedBody;

        public bool HeadersReceived { get; private set; }

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.RequestUri = RequestTarget.ToUri(destinationPrefix, originForm);
            proxyRequest.Options.Set(PromptRequestBodyHandler.Source, requestBody);
            if (!destination.KeepHost)
            {
                proxyRequest.Headers.Host = null;
            }

            // The forwarder takes it for a hop-by-hop header; it is not one.
            if (httpContext.Request.Headers.TryGetValue(HeaderNames.UpgradeInsecureRequests, out var upgradeInsecure))
            {
                proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.UpgradeInsecureRequests, (IEnumerable<string>)upgradeInsecure!);
            }

            filter?.Prepare(proxyRequest);
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext,
            HttpResponseMessage? proxyResponse,
            CancellationToken cancellationToken
        )
        {
            var copy = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
            if (proxyResponse is null)
            {
                return copy;
            }

            HeadersReceived = true;
            requestBody.Progressed = null;
            headersLimit.Lift();
            if (filter is not null && !IsUpgrade(proxyResponse))
            {
                await filter.ApplyAsync(httpContext, proxyResponse, cancellationToken);
            }

            if (IsOpenEnded(httpContext, proxyResponse))
            {
                if (HttpProtocol.IsHttp11(httpContext.Request.Protocol) && proxyResponse.Headers.NonValidated.Contains(HeaderNames.Trailer))
                {
                    _trailedBody = ChunkedBodyWithTrailers.Attach(httpContext);
                }

                // A caller of an event stream waits for these headers, and the first event may be minutes away.
                await httpContext.Response.Body.FlushAsync(cancellationToken);
            }
            else if (requestBody.IsUnfinished && proxyResponse.RequestMessage?.Headers.Protocol is null)
            {
                // An early answer is there to save the caller the rest of its upload; without a body nothing else would send it.
                await httpContext.Response.Body.FlushAsync(cancellationToken);
            }

            return copy;
        }

        public override ValueTask TransformResponseTrailersAsync(
            HttpContext httpContext,
            HttpResponseMessage proxyResponse,
            CancellationToken cancellationToken
        ) =>
            _trailedBody is { } body
                ? new ValueTask(body.EndAsync(proxyResponse.TrailingHeaders, cancellationToken))
                : base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);

        /// <summary>Whether a body follows whose length nobody knows. Kestrel gives an empty body a length, so behind a tunnel this is exact.</summary>
        private static bool IsOpenEnded(HttpContext context, HttpResponseMessage response) =>
            response.Content.Headers.ContentLength is null && HasBody(context, response);

        private static bool HasBody(HttpContext context, HttpResponseMessage response) =>
            !HttpMethods.IsHead(context.Request.Method)
            && (int)response.StatusCode is >= 200 and not (204 or 205 or 304)
            && !IsUpgrade(response);

        private static bool IsUpgrade(HttpResponseMessage response) =>
            response.StatusCode == HttpStatusCode.SwitchingProtocols || response.RequestMessage?.Headers.Protocol is not null;
    }
}
