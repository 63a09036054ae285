using Tunnel.ProxyCore.Errors;
using Tunnel.Relay.Names;

namespace Tunnel.Relay.Control;

/// <summary>Why a name was not given, as the person gets to read it.</summary>
internal static class ClaimRefusals
{
    /// <returns>Null when it was granted.</returns>
    public static ProxyError? Of(ClaimOutcome outcome) =>
        outcome switch
        {
            ClaimOutcome.Granted => null,
            ClaimOutcome.OwnedByAnother => ErrorCatalog.NameOwnedByAnother,
            ClaimOutcome.Banned => ErrorCatalog.NameBanned,
            ClaimOutcome.TooManyNames => ErrorCatalog.TooManyNames,
            _ => ErrorCatalog.NoFreeName,
        };
}
