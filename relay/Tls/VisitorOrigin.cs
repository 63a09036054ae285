using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Tls;

/// <summary>Finds out scheme and address of visitors who come through something in front of the relay.</summary>
internal static class VisitorOrigin
{
    public static void UseVisitorOrigin(this IApplicationBuilder app, RelayOptions options)
    {
        if (!options.Tls.IsOn)
        {
            // What ends TLS in front is not seen here; the operator has said so with --public-url.
            app.Use(
                (context, next) =>
                {
                    context.Request.Scheme = options.PublicScheme;
                    return next(context);
                }
            );
        }

        if (options.TrustedProxies.Count == 0)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // From the nearest to the first that is nobody's we know: that one is the visitor.
            ForwardLimit = null,
        };
        // It believes loopback unless told otherwise.
        forwarded.KnownIPNetworks.Clear();
        forwarded.KnownProxies.Clear();
        foreach (var network in options.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }
}
