using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Tunnel.Relay.Stopping;
using Tunnel.Relay.Tls;

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
            (RelayDrain drain, IServiceProvider services) =>
                drain.HasBegun ? NotReady("draining")
                : services.GetService<ICertificateSource>() is { Current: null } ? NotReady("no certificate yet")
                : Results.Text("ready\n")
        );
    }

    private static IResult NotReady(string why) => Results.Text(why + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
}
