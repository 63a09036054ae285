using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.ProxyCore.Exchanges;
using Tunnel.ProxyCore.Proxy;

namespace Tunnel.ProxyCore.Access;

/// <summary>
/// Lets only callers from listed networks through, where there is a list. The address is the connection's; whoever knows a better one,
/// because another hop of ours wrote it down, has put it there.
/// </summary>
internal sealed class AllowedAddressMiddleware(RequestDelegate next, IOptionsMonitor<McpProxyOptions> options, CallRefuser refuser)
{
    public Task InvokeAsync(HttpContext context)
    {
        var networks = options.CurrentValue.AllowedNetworks;
        var address = context.Connection.RemoteIpAddress;
        return networks.Count == 0 || (address is not null && IsIn(networks, address))
            ? next(context)
            : refuser.RefuseAsync(context, ErrorCatalog.AddressNotListed, $"called from {address?.ToString() ?? "an unknown address"}");
    }

    private static bool IsIn(IReadOnlyList<IPNetwork> networks, IPAddress address)
    {
        // A socket that takes both families shows IPv4 callers as ::ffff:192.0.2.7.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => network.Contains(plain));
    }
}
