using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>What visitors may ask for, by address and by name.</summary>
internal sealed class VisitorLimits(RelayOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly RateLimit _addressRate = new(options.Limits.RequestRatePerAddress, s_second, time);
    private readonly RateLimit _nameRate = new(options.Limits.RequestRatePerTunnel, s_second, time);
    private readonly ConcurrencyLimit _running = new(options.Limits.RequestsPerAddress);

    /// <summary>Asked once for each request, also for those to the relay itself.</summary>
    /// <returns>Why the request comes too soon, or null.</returns>
    public ProxyError? FindRateFault(HttpContext context, string? name) =>
        AddressKey.Of(context.Connection.RemoteIpAddress) is { } address && !_addressRate.TryTake(address) ? ErrorCatalog.TooManyFromAddress
        : name is not null && !_nameRate.TryTake(name.GetHashCode(StringComparison.Ordinal)) ? ErrorCatalog.TooManyForTunnel
        : null;

    /// <returns>False when the address has too much under way; otherwise <see cref="Leave"/> has to follow.</returns>
    public bool TryEnter(HttpContext context) =>
        AddressKey.Of(context.Connection.RemoteIpAddress) is not { } address || _running.TryEnter(address);

    public void Leave(HttpContext context)
    {
        if (AddressKey.Of(context.Connection.RemoteIpAddress) is { } address)
        {
            _running.Leave(address);
        }
    }
}
