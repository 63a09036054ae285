using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Tunnel.ProxyCore.Access;
using Tunnel.ProxyCore.Telemetry.Prometheus;

namespace Tunnel.ProxyCore.Admin;

/// <summary>
/// Answers on the port for operators, and lets every other call pass by: <c>/metrics</c>, <c>/healthz</c>, <c>/readyz</c>, and what an
/// <see cref="IAdminApi"/> has.
/// </summary>
public sealed class AdminMiddleware(
    RequestDelegate next,
    AllowedHosts allowed,
    IReadiness readiness,
    MetricCollector metrics,
    IAdminApi? api = null
)
{
    private const string Plain = "text/plain; charset=utf-8";

    public Task InvokeAsync(HttpContext context)
    {
        if (!AdminListener.IsCallOf(context))
        {
            return next(context);
        }

        // What operators ask is no traffic.
        if (context.Features.Get<IHttpMetricsTagsFeature>() is { } tags)
        {
            tags.MetricsDisabled = true;
        }

        return AnswerAsync(context);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsForUs(context))
        {
            return WriteAsync(
                context,
                StatusCodes.Status403Forbidden,
                Plain,
                "Host or Origin is not one of this port: call it by its address\n"
            );
        }

        if (api?.Has(request.Path) == true)
        {
            return api.AnswerAsync(context);
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return WriteAsync(context, StatusCodes.Status405MethodNotAllowed, Plain, "only GET\n");
        }

        return request.Path.Value switch
        {
            "/metrics" => WriteMetricsAsync(context),
            "/healthz" => WriteAsync(context, StatusCodes.Status200OK, Plain, "ok\n"),
            "/readyz" when readiness.FindObstacle() is { } obstacle => WriteAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                Plain,
                obstacle + "\n"
            ),
            "/readyz" => WriteAsync(context, StatusCodes.Status200OK, Plain, "ready\n"),
            _ => WriteAsync(context, StatusCodes.Status404NotFound, Plain, "there is /metrics, /healthz and /readyz\n"),
        };
    }

    /// <summary>
    /// Loopback and the names that are allowed; also the very address that was called, which monitoring inside a cluster uses. A web page that turned a
    /// name to this machine's address cannot use that: it stays a name in Host.
    /// </summary>
    private bool IsForUs(HttpContext context)
    {
        var request = context.Request;
        var address = context.Connection.LocalIpAddress;
        var isOurAddress = address is not null && AllowedHosts.NameOf(request.Host.Host) == AllowedHosts.NameOf(Unmapped(address));
        var origin = request.Headers.Origin;
        return (isOurAddress || allowed.Allows(request.Host)) && (origin.Count == 0 || allowed.AllowsOrigin(origin.ToString()));
    }

    private static string Unmapped(System.Net.IPAddress address) => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();

    private Task WriteMetricsAsync(HttpContext context)
    {
        var text = new StringWriter();
        metrics.WriteTo(text);
        return WriteAsync(context, StatusCodes.Status200OK, PrometheusText.ContentType, text.ToString());
    }

    private static Task WriteAsync(HttpContext context, int status, string contentType, string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(body).AsTask();
    }
}
