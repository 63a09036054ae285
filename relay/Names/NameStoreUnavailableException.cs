namespace Tunnel.Relay.Names;

/// <summary>The name store cannot be reached or did not answer in time; nothing was changed.</summary>
internal sealed class NameStoreUnavailableException(Exception cause) : Exception("the name store is not available", cause);
