using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Contract;

namespace Tunnel.Connector.Tunneling;

/// <summary>Answers the relay's first request on a fresh data connection, and lets <see cref="DataPlane"/> know that it came.</summary>
internal sealed class ProbeMiddleware(RequestDelegate next)
{
    private const string ProbedKey = "mcpr.probed";

    /// <summary>A task that completes when the relay has probed this connection. Ask before the connection is served.</summary>
    public static Task WhenProbed(ConnectionContext connection)
    {
        var probed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Items[ProbedKey] = probed;
        return probed.Task;
    }

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Host.Value != TunnelProtocol.ProbeAuthority)
        {
            return next(context);
        }

        if (context.Features.Get<IConnectionItemsFeature>()?.Items[ProbedKey] is TaskCompletionSource probed)
        {
            probed.TrySetResult();
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
