using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Forwarding;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Hosts;

namespace Tunnel.Relay.Tls;

/// <summary>
/// Where the relay speaks TLS, plain HTTP is good for being sent to https only. Calls of programs are refused: following a redirect
/// without a word, they would send their secrets in the clear every time, before they are told where to go.
/// </summary>
internal sealed class HttpsOnlyMiddleware(RequestDelegate next, HostClassifier hosts, RelayOptions options)
{
    private readonly string? _strictTransport =
        options.Tls.StrictTransportOrDefault is var duration && duration > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"max-age={(long)duration.TotalSeconds}")
            : null;

    public Task InvokeAsync(HttpContext context)
    {
        var host = hosts.Classify(context.Request.Host);
        if (context.Request.IsHttps)
        {
            // A domain may go elsewhere tomorrow: what is promised for it is its owner's to say.
            if (_strictTransport is not null && host.Domain is null)
            {
                context.Response.OnStarting(PromiseHttps, context.Response);
            }

            return next(context);
        }

        if (host == RequestedHost.Foreign || (host.IsRelay && IsProbe(context.Request)))
        {
            return next(context);
        }

        return TargetOf(context) is { } target ? Redirect(context, host, target) : RefuseAsync(context);
    }

    /// <summary>Load balancers ask from nearby, and for nothing secret.</summary>
    private static bool IsProbe(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Path.Value is RelayHealth.AlivePath or RelayHealth.ReadyPath;

    /// <returns>What to ask for over https, or null for a call that would not be the same there.</returns>
    private static string? TargetOf(HttpContext context)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        var opensWebSocket = context.Request.Headers.Upgrade.Count > 0;
        return isRead && !opensWebSocket
            ? RequestTarget.OriginForm(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            : null;
    }

    private Task Redirect(HttpContext context, RequestedHost host, string target)
    {
        var name = host.Domain?.Domain ?? (host.TunnelName is { } tunnel ? $"{tunnel}.{options.Domain}" : options.Domain);
        context.Response.StatusCode = StatusCodes.Status308PermanentRedirect;
        context.Response.Headers.Location = options.OriginOfHost(name) + target;
        return Task.CompletedTask;
    }

    private static async Task RefuseAsync(HttpContext context)
    {
        var body = RequestBodyTap.Attach(context);
        try
        {
            context.Response.OnStarting(SayWhatWouldDo, context.Response);
            var request = await body.ReadAndSummarizeAsync(context.RequestAborted);
            await ErrorResponse.WriteAsync(context, ErrorCatalog.TlsRequired, ErrorSource.Edge, request, closesConnection: true);
        }
        finally
        {
            body.Release();
        }
    }

    /// <summary>RFC 9110 section 15.5.22.</summary>
    private static Task SayWhatWouldDo(object state)
    {
        ((HttpResponse)state).Headers.Upgrade = "TLS/1.2, HTTP/1.1";
        return Task.CompletedTask;
    }

    private Task PromiseHttps(object state)
    {
        // What a server promises for its own host stands.
        ((HttpResponse)state).Headers.TryAdd(HeaderNames.StrictTransportSecurity, _strictTransport);
        return Task.CompletedTask;
    }
}
