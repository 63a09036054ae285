namespace Tunnel.Relay.Names;

/// <summary>The answer to a claim: the name with its new generation, or nothing because somebody else owns it.</summary>
/// <param name="Name">The name that was granted, or the one that was refused.</param>
/// <param name="Generation">Rises with every grant of the name; null when it was refused.</param>
internal readonly record struct NameClaim(string Name, long? Generation);
