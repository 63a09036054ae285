using Tunnel.ProxyCore.Contract;
using Tunnel.ProxyCore.Errors;

namespace Tunnel.Relay.Control;

/// <summary>Errors of the catalog as connectors get them.</summary>
internal static class Refusals
{
    public static TunnelRefusal Of(ProxyError error, bool isFatal, string? name = null) =>
        new(error.Code, name is null ? error.Title : $"{error.Title}: {name}", error.Hint, isFatal);
}
