namespace Tunnel.ProxyCore.Events;

/// <summary>Where the time of an exchange went, in microseconds.</summary>
/// <param name="Total">From the request's headers to the end of the response.</param>
/// <param name="Read">Until the request body was read as far as it is looked into.</param>
/// <param name="Wait">From sending the request to the server until the headers of its response.</param>
/// <param name="Upstream">From sending it until the end of the response; <paramref name="Wait"/> is part of it.</param>
public sealed record EventTiming(long Total, long Read, long Wait, long Upstream);
