namespace Tunnel.ProxyCore.History.Queries;

/// <summary>Something that a policy has stopped, how often and when.</summary>
public sealed record StoredViolation(
    string? Widget,
    string? Directive,
    string? Blocked,
    string? Fix,
    long Count,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt
);
