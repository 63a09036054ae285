using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Identity;

namespace Tunnel.Relay.Control;

/// <summary>Lets only known connectors reach the control hub, and tells the others why in the answer to their handshake.</summary>
internal sealed partial class ControlAuthenticationMiddleware(
    RequestDelegate next,
    ConnectorAuthentication authentication,
    IHostApplicationLifetime lifetime,
    ILogger<ControlAuthenticationMiddleware> logger
)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Routing does not tell upper from lower case, so neither may this.
        if (!context.Request.Path.StartsWithSegments(TunnelProtocol.ControlPath, StringComparison.OrdinalIgnoreCase))
        {
            return next(context);
        }

        if (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // The port may be open a moment longer; a connector that got in now would only be thrown out.
            return ErrorResponse.WriteAsync(context, ErrorCatalog.RelayStopping, ErrorSource.Edge);
        }

        var (identity, refusal) = authentication.Authenticate(context.Request);
        if (identity is null)
        {
            Log.Refused(logger, refusal!.Code);
            return ErrorResponse.WriteAsync(context, refusal, ErrorSource.Edge);
        }

        context.Features.Set(identity);
        return next(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1102, LogLevel.Warning, "connector refused code={Code}", EventName = "ConnectorRefused")]
        public static partial void Refused(ILogger logger, string code);
    }
}
