using Tunnel.ProxyCore.Errors;

namespace Tunnel.Relay.Names;

/// <summary>Why an opening is over, as the person gets to read it.</summary>
internal static class LeaseEnds
{
    /// <returns>Null while it is good.</returns>
    public static ProxyError? ReasonOf(LeaseState state) =>
        state switch
        {
            LeaseState.Replaced => ErrorCatalog.TunnelTakenOver,
            LeaseState.Lost => ErrorCatalog.NameGivenUp,
            LeaseState.Banned => ErrorCatalog.NameBanned,
            _ => null,
        };
}
