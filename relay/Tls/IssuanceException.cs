namespace Tunnel.Relay.Tls;

/// <summary>No certificate this time.</summary>
internal sealed class IssuanceException(string message) : Exception(message);
