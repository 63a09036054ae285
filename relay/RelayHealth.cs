using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Tunnel.ProxyCore.Admin;

namespace Tunnel.Relay;

/// <summary>What load balancers and supervisors ask: is it alive, and shall visitors be sent here?</summary>
internal static class RelayHealth
{
    public const string AlivePath = "/healthz";
    public const string ReadyPath = "/readyz";

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet(AlivePath, () => Results.Text("ok\n"));
        app.MapGet(
            ReadyPath,
            (IReadiness readiness) =>
                readiness.FindObstacle() is { } obstacle
                    ? Results.Text(obstacle + "\n", statusCode: StatusCodes.Status503ServiceUnavailable)
                    : Results.Text("ready\n")
        );
    }
}
