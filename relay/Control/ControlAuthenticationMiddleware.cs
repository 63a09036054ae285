using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Identity;
using Tunnel.Relay.Limits;
using Tunnel.Relay.Stopping;

namespace Tunnel.Relay.Control;

/// <summary>Lets only known connectors reach the control hub and what is theirs, and tells the others why.</summary>
internal sealed partial class ControlAuthenticationMiddleware(
    RequestDelegate next,
    ConnectorAuthentication authentication,
    RelayDrain drain,
    TimeProvider time,
    ILogger<ControlAuthenticationMiddleware> logger
)
{
    private static readonly PathString[] s_guarded =
    [
        TunnelProtocol.ControlPath,
        TunnelProtocol.NamesPath,
        TunnelProtocol.DomainsPath,
        TunnelProtocol.AccountPath,
    ];

    public async Task InvokeAsync(HttpContext context)
    {
        // Routing does not tell upper from lower case, so neither may this.
        if (!s_guarded.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase)))
        {
            await next(context);
            return;
        }

        if (drain.HasBegun)
        {
            // A connector that got in now would only be sent on.
            await ErrorResponse.WriteAsync(context, ErrorCatalog.RelayStopping, ErrorSource.Edge);
            return;
        }

        var (identity, refusal) = await authentication.AuthenticateAsync(context.Request, context.RequestAborted);
        if (identity?.ExpiresAt <= time.GetUtcNow())
        {
            (identity, refusal) = (null, ErrorCatalog.BadCredential);
        }

        if (identity is null)
        {
            Log.Refused(logger, refusal!.Code);
            await ErrorResponse.WriteAsync(context, refusal, ErrorSource.Edge);
            return;
        }

        context.Features.Set(identity);
        context.Features.Get<ConnectionShare>()?.GiveBack();
        await next(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1102, LogLevel.Warning, "connector refused code={Code}", EventName = "ConnectorRefused")]
        public static partial void Refused(ILogger logger, string code);
    }
}
