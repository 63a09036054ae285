namespace Tunnel.ProxyCore.Forwarding;

/// <summary>A connection that exists only once is gone, and nothing of the request was sent on it.</summary>
public sealed class NextHopGoneException() : IOException("the connection to the next hop is gone");
