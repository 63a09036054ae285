using System.Text.Json.Serialization;

namespace Tunnel.ProxyCore.Events;

/// <summary>Where the time of an exchange went, in microseconds. What happened before it was here is no part of <paramref name="Total"/>.</summary>
/// <param name="Total">From the request's headers to the end of the response.</param>
/// <param name="Read">Until the request body was read as far as it is looked into.</param>
/// <param name="Wait">From sending the request to the server until the headers of its response.</param>
/// <param name="Upstream">From sending it until the end of the response; <paramref name="Wait"/> is part of it.</param>
/// <param name="Rewrite">The part of <paramref name="Upstream"/> that rules which change responses took; null where that was not measured.</param>
/// <param name="Edge">From the request's headers at the relay until it was sent into the tunnel; null without a tunnel.</param>
/// <param name="Hold">The part of <paramref name="Edge"/> in which no connector was there; null without a tunnel.</param>
/// <param name="Tunnel">One way through the tunnel, which is estimated; null where there is no estimate.</param>
public sealed record EventTiming(
    long Total,
    long Read,
    long Wait,
    long Upstream,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Rewrite = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Edge = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Hold = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Tunnel = null
);
