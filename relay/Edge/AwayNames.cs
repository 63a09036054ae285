using Microsoft.Extensions.Options;
using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Configuration;
using Tunnel.Relay.Names;
using Tunnel.Relay.Tunnels;

namespace Tunnel.Relay.Edge;

/// <summary>
/// What to make of a name that is not open here: nobody's, somebody's who has been away for long, or one that was in use a moment
/// ago, before this relay started or on another, and whose connector is surely dialling already.
/// </summary>
internal sealed class AwayNames(INameStore names, TunnelRegistry tunnels, IOptions<RelayOptions> options, TimeProvider time)
{
    /// <summary>A name whose last use is not older than this was open when the relay before this one stopped: use is noted more often.</summary>
    public static readonly TimeSpan RecentUse = TimeSpan.FromMinutes(1);

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    /// <param name="name">The name.</param>
    /// <param name="isExpected">Whether the other relays know that it was open a moment ago, or cannot tell.</param>
    /// <param name="cancellationToken">Ends the wait for the store.</param>
    /// <returns>The name to wait for, or why there is nothing to wait for.</returns>
    public async ValueTask<(TunnelGroup? Group, ProxyError? Error)> FindAsync(
        string name,
        bool isExpected,
        CancellationToken cancellationToken
    )
    {
        if (isExpected && tunnels.Expect(name) is { } expected)
        {
            return (expected, null);
        }

        try
        {
            if (await names.FindAsync(name, cancellationToken) is not { } record)
            {
                return (null, ErrorCatalog.UnknownName);
            }

            return IsExpected(record) && tunnels.Expect(name) is { } group ? (group, null) : (null, ErrorCatalog.TunnelOffline);
        }
        catch (NameStoreUnavailableException)
        {
            return (null, ErrorCatalog.TunnelOffline);
        }
    }

    /// <remarks>A name that was used since the start has been here already, and whatever ended its tunnel was no restart of ours.</remarks>
    private bool IsExpected(NameRecord record) =>
        time.GetUtcNow() - _startedAt < options.Value.Hold && record.UsedAt < _startedAt && _startedAt - record.UsedAt < RecentUse;
}
