using System.Net;
using Microsoft.AspNetCore.Http;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;

namespace Tunnel.Relay.Limits;

/// <summary>What visitors may ask for, by address and by name.</summary>
internal sealed class VisitorLimits(RelayOptions options, TimeProvider time)
{
    private readonly SharedRate _addressRate = new(
        options.Limits.RequestRatePerAddress,
        static caller => "address:" + AddressKey.TextOf((IPAddress)caller),
        options.RedisUrl is not null,
        time
    );
    private readonly SharedRate _nameRate = new(
        options.Limits.RequestRatePerTunnel,
        static caller => "name:" + (string)caller,
        options.RedisUrl is not null,
        time
    );
    private readonly ConcurrencyLimit _running = new(options.Limits.RequestsPerAddress);

    /// <summary>What relays that share a Redis count together.</summary>
    public IReadOnlyList<SharedRate> Rates => [_addressRate, _nameRate];

    /// <summary>Asked once for each request, also for those to the relay itself.</summary>
    /// <returns>Why the request comes too soon, or null.</returns>
    public ProxyError? FindRateFault(HttpContext context, string? name) =>
        context.Connection.RemoteIpAddress is { } address && AddressKey.Of(address) is { } key && !_addressRate.TryTake(key, address)
            ? ErrorCatalog.TooManyFromAddress
        : name is not null && !_nameRate.TryTake(name.GetHashCode(StringComparison.Ordinal), name) ? ErrorCatalog.TooManyForTunnel
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
