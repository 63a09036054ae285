namespace Tunnel.Relay.Names;

/// <summary>The answer to a claim.</summary>
/// <param name="Outcome">Whether it was granted.</param>
/// <param name="Name">The name that was granted or refused.</param>
/// <param name="Generation">Higher than every generation of this name before, whoever had it, also after the store lost its data; 0 when refused.</param>
/// <param name="Floor">Openings of a lower generation are over; those at or above it share the name.</param>
internal readonly record struct NameClaim(ClaimOutcome Outcome, string Name, long Generation = 0, long Floor = 0);

/// <summary>How a claim or a reservation ended.</summary>
internal enum ClaimOutcome
{
    Granted,
    OwnedByAnother,
    Banned,
    TooManyNames,

    /// <summary>Every candidate belongs to somebody.</summary>
    NoneFree,
}
