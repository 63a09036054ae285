namespace Tunnel.Relay.Domains.Dns;

/// <summary>DNS cannot be asked just now: that says nothing about what is in it.</summary>
internal sealed class DnsUnavailableException(string message) : Exception(message);
