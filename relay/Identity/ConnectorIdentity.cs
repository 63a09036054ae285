namespace Tunnel.Relay.Identity;

/// <summary>Who a connector is, as far as names go.</summary>
/// <param name="OwnerId">What names belong to: <c>token:alice</c>, or <c>anon:</c> and the hash of the connector's own secret.</param>
internal sealed record ConnectorIdentity(string OwnerId);
