namespace Tunnel.Relay.Names;

/// <summary>Somebody who can own names, as far as a store has to know.</summary>
/// <param name="Id">What names belong to, such as <c>token:alice</c>.</param>
/// <param name="KeepFor">How long an unused name stays the owner's; null for good.</param>
/// <param name="MaxNames">Names that the owner may have at once.</param>
internal sealed record NameOwner(string Id, TimeSpan? KeepFor, int MaxNames);
